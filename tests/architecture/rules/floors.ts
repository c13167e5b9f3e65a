import { isUnitTest } from "../layout.ts";
import type { Rule } from "../rule.ts";

/** The floors of `platform`, from the ground up; those on one line may not import each other. */
const FLOORS: readonly (readonly string[])[] = [
  ["core"],
  ["log"],
  ["config"],
  ["auth", "tls"],
  ["telemetry"],
  ["postgres", "redis", "kafka"],
  ["grpc", "http"],
  ["events"],
  ["service"],
];

const HEIGHTS = new Map(FLOORS.flatMap((floors, height) => floors.map((floor) => [floor, height] as const)));

/** A service that imports one floor loads that floor and those below it, and nothing else. */
export const floors: Rule = {
  claim: "each floor of platform imports only floors below it",
  check: ({ modules }) =>
    modules.flatMap(({ path, imports }) => {
      const floor = floorOf(path);
      if (floor === undefined || isUnitTest(path)) return [];
      if (!HEIGHTS.has(floor)) return [{ path, message: `platform has no floor named ${floor}` }];
      return imports.flatMap(({ target, line }) => {
        const other = target === undefined ? undefined : floorOf(target);
        if (other === undefined || isBelow(other, floor)) return [];
        return [{ path, line, message: `${floor} may not import ${other}` }];
      });
    }),
};

/** The floor of a file; `undefined` for test code, which may import every floor. */
function floorOf(path: string): string | undefined {
  const [, floor] = /^platform\/([^/]+)\//.exec(path) ?? [];
  return floor === "testing" ? undefined : floor;
}

function isBelow(other: string, floor: string): boolean {
  return other === floor || (HEIGHTS.get(other) ?? Infinity) < (HEIGHTS.get(floor) ?? -Infinity);
}
