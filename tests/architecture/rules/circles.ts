import { dirname } from "node:path/posix";
import type { Module } from "../module.ts";
import { isForTests } from "../rooms.ts";
import type { Rule } from "../rule.ts";

/** A circle, types included: two files that need each other are one idea or three. */
export const noCircles: Rule = {
  claim: "no module imports itself, directly or through others",
  check: ({ modules }) =>
    findCircles(modules).map((circle) => ({
      path: circle[0] ?? "",
      message: `imports itself: ${[...circle, circle[0]].join(" → ")}`,
    })),
};

/**
 * The same for folders: two that need each other can't be read, tested or moved one without the other. A folder and
 * those within it count as one here.
 */
export const noFolderCircles: Rule = {
  claim: "no folder imports itself through others",
  check: ({ modules }) => {
    const folders = modules.filter(({ path }) => !isForTests(path)).map(({ path, imports }) => ({
      path: dirname(path),
      imports: imports.map(({ target = path, ...rest }) => ({ ...rest, target: dirname(target) }))
        .filter(({ target }) => !areNested(target, dirname(path))),
    }));
    const circles = findCircles(folders).map((circle) => [...circle, circle[0]].join(" → "));
    return [...new Set(circles)].map((circle) => ({
      path: circle.split(" ")[0] ?? "",
      message: `is a folder that imports itself: ${circle}`,
    }));
  },
};

function areNested(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

/** Walks depth first; an import of a module that is still being walked closes a circle. */
function findCircles(modules: readonly Pick<Module, "path" | "imports">[]): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const { path, imports } of modules) {
    targets.set(path, [...targets.get(path) ?? [], ...imports.flatMap(({ target }) => target ?? [])]);
  }
  const circles: string[][] = [];
  const trail: string[] = [];
  const done = new Set<string>();

  function walk(path: string): void {
    if (trail.includes(path)) {
      circles.push(trail.slice(trail.indexOf(path)));
      return;
    }
    if (done.has(path)) return;
    trail.push(path);
    targets.get(path)?.forEach(walk);
    trail.pop();
    done.add(path);
  }
  [...targets.keys()].forEach(walk);
  return circles;
}
