import type { Rule } from "../rule.ts";
import { isGenerated, MEMBERS, topLevelFolder } from "../layout.ts";

/** A member's public API is what its `deno.json` exports, imported as `@rocket/<member>`; the rest is private. */
export const exportsOnly: Rule = {
  claim: "other members import only what a member exports",
  check: ({ modules, exports }) =>
    modules.flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier = "", target, line }) => {
        const isUnknown = specifier.startsWith("@rocket/") && !exports.has(specifier);
        const member = target === undefined ? undefined : topLevelFolder(target);
        const isForeign = member !== undefined && MEMBERS.includes(member) && member !== topLevelFolder(path);
        if (!isUnknown && (!isForeign || exports.has(specifier))) return [];
        return [{ path, line, message: `${specifier} is not exported by a workspace member` }];
      })
    ),
};

/** A barrel gives everything in a folder a second name; only a file that a member exports may be one. */
export const noBarrels: Rule = {
  claim: "only files that a member exports may be barrels",
  check: ({ modules, exports }) => {
    const allowed = new Set(exports.values());
    return modules.filter(({ path, text }) => isBarrel(text) && !isGenerated(path) && !allowed.has(path))
      .map(({ path }) => ({ path, message: "is a barrel that no member exports" }));
  },
};

/** Whether a module re-exports other modules and exports nothing of its own. */
function isBarrel(text: string): boolean {
  const reExport = /^export\s[^;]*?\sfrom\s*"[^"]+";$/gms;
  const own = text.replaceAll(/\/\*.*?\*\/|^\s*\/\/.*$/gms, "").replaceAll(reExport, "");
  return reExport.test(text) && !/^export\s/m.test(own);
}
