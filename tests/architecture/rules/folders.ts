import type { Rule } from "../rule.ts";
import { roomOf, ROOMS } from "../rooms.ts";

/** A new folder at the root is a new room, which is decided by people. */
export const knownRooms: Rule = {
  claim: "every folder at the root is a room we know",
  check: ({ files }) => {
    const rooms = new Set([...files.keys()].flatMap((path) => roomOf(path) ?? []));
    return [...rooms].filter((room) => !ROOMS.includes(room))
      .map((room) => ({ path: room, message: "is not a room of the workspace" }));
  },
};

/** Packages come from Deno's cache, never from a folder in the tree. */
export const noNodeModules: Rule = {
  claim: "no package lies in the tree",
  check: ({ files }) =>
    [...files.keys()].filter((path) => path.split("/").includes("node_modules"))
      .map((path) => ({ path, message: "lies in a node_modules folder" })),
};
