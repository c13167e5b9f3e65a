import type { Module } from "../module.ts";
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

/** Walks depth first; an import of a module that is still being walked closes a circle. */
function findCircles(modules: readonly Module[]): readonly (readonly string[])[] {
  const targets = new Map(
    modules.map(({ path, imports }) => [path, imports.flatMap(({ target }) => target ?? [])]),
  );
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
