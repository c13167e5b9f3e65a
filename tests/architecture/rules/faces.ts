import type { Rule } from "../rule.ts";
import { isGenerated, MEMBERS, roomOf } from "../rooms.ts";

/** A member's public face is what its `deno.json` exports, reached as `@rocket/<member>`; the rest is private. */
export const membersByFace: Rule = {
  claim: "a member is imported by what it exports",
  check: ({ modules, faces }) =>
    modules.flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier = "", target, line }) => {
        const isUnknown = specifier.startsWith("@rocket/") && !faces.has(specifier);
        const room = target === undefined ? undefined : roomOf(target);
        const isForeign = room !== undefined && MEMBERS.includes(room) && room !== roomOf(path);
        if (!isUnknown && (!isForeign || faces.has(specifier))) return [];
        return [{ path, line, message: `${specifier} is not what a member exports` }];
      })
    ),
};

/** A folder re-exported is a second name for everything in it; only a member's face may be one. */
export const noBarrels: Rule = {
  claim: "nothing but a member's mod.ts hands on what others export",
  check: ({ modules }) =>
    modules.filter(({ path }) => !isGenerated(path)).flatMap(({ path, isBarrel }) => {
      const [member = "", file] = path.split("/");
      if (MEMBERS.includes(member) && file === "mod.ts") return [];
      if (path.endsWith("/mod.ts")) return [{ path, message: "a member has one mod.ts, at its root" }];
      return isBarrel ? [{ path, message: "hands on what others export" }] : [];
    }),
};
