import type { Rule } from "../rule.ts";
import { TOP_LEVEL_FOLDERS, topLevelFolder } from "../layout.ts";

/** A new folder at the root is a decision for the team, who then add it to the layout. */
export const knownFolders: Rule = {
  claim: "every folder at the root is in the workspace's layout",
  check: ({ files }) => {
    const folders = new Set([...files.keys()].flatMap((path) => topLevelFolder(path) ?? []));
    return [...folders].filter((folder) => !TOP_LEVEL_FOLDERS.includes(folder))
      .map((folder) => ({ path: folder, message: "is not in the workspace's layout" }));
  },
};

/** Packages come from Deno's cache, never from a folder of the workspace. */
export const noNodeModules: Rule = {
  claim: "there is no node_modules folder",
  check: ({ files }) =>
    [...files.keys()].filter((path) => path.split("/").includes("node_modules"))
      .map((path) => ({ path, message: "is in a node_modules folder" })),
};
