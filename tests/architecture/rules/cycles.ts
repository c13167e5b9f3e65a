import { dirname } from "node:path/posix";
import type { Module } from "../module.ts";
import { isTestCode } from "../layout.ts";
import type { Rule } from "../rule.ts";

/** Includes imports of types: two files that need each other belong in one file, or share a third. */
export const noCycles: Rule = {
  claim: "no module imports itself, directly or through others",
  check: ({ modules }) =>
    findCycles(modules).map((cycle) => ({
      path: cycle[0] ?? "",
      message: `import cycle: ${[...cycle, cycle[0]].join(" → ")}`,
    })),
};

/**
 * The same for folders: of two that need each other, neither can be read, tested or moved on its own. A folder and
 * its subfolders count as one here.
 */
export const noFolderCycles: Rule = {
  claim: "no folder imports itself through others",
  check: ({ modules }) => {
    const folders = modules.filter(({ path }) => !isTestCode(path)).map(({ path, imports }) => ({
      path: dirname(path),
      imports: imports.map(({ target = path, ...rest }) => ({ ...rest, target: dirname(target) }))
        .filter(({ target }) => !areNested(target, dirname(path))),
    }));
    const cycles = findCycles(folders).map((cycle) => [...cycle, cycle[0]].join(" → "));
    return [...new Set(cycles)].map((cycle) => ({
      path: cycle.split(" ")[0] ?? "",
      message: `import cycle of folders: ${cycle}`,
    }));
  },
};

function areNested(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

/** Walks depth first; an import of a module that is still being visited closes a cycle. */
function findCycles(modules: readonly Pick<Module, "path" | "imports">[]): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const { path, imports } of modules) {
    targets.set(path, [...targets.get(path) ?? [], ...imports.flatMap(({ target }) => target ?? [])]);
  }
  const cycles: string[][] = [];
  const trail: string[] = [];
  const visited = new Set<string>();

  function walk(path: string): void {
    if (trail.includes(path)) {
      cycles.push(trail.slice(trail.indexOf(path)));
      return;
    }
    if (visited.has(path)) return;
    trail.push(path);
    targets.get(path)?.forEach(walk);
    trail.pop();
    visited.add(path);
  }
  [...targets.keys()].forEach(walk);
  return cycles;
}
