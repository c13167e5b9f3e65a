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
  claim: "nothing but a member's face re-exports another module",
  check: ({ modules, faces }) => {
    const allowed = new Set(faces.values());
    return modules.filter(({ path, text }) => isBarrel(text) && !isGenerated(path) && !allowed.has(path))
      .map(({ path }) => ({ path, message: "re-exports other modules and is not a member's face" }));
  },
};

/** Whether a text exports from other modules, and nothing of its own. */
function isBarrel(text: string): boolean {
  const reExport = /^export\s[^;]*?\sfrom\s*"[^"]+";$/gms;
  const own = text.replaceAll(/\/\*.*?\*\/|^\s*\/\/.*$/gms, "").replaceAll(reExport, "");
  return reExport.test(text) && !/^export\s/m.test(own);
}
