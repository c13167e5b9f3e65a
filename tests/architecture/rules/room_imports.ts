import type { Rule } from "../rule.ts";
import { isTest, roomOf, ROOMS, SERVICES } from "../rooms.ts";

/** Which room may import which; what is not named here may import nothing of ours. */
const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map([
  ["platform", ["proto"]],
  ...SERVICES.map((service): [string, string[]] => [service, ["proto", "platform"]]),
  ["dev", ["platform", "proto"]],
  ["tests", ROOMS],
]);

/** Unit tests of queries run against real servers, and `dev` is where those come from. */
const ALLOWED_TO_TESTS: readonly string[] = ["dev"];

/** The table of rooms: services meet in `proto`, and only the suites import `dev`. */
export const roomImports: Rule = {
  claim: "a room imports only the rooms it may",
  check: ({ modules }) =>
    modules.flatMap(({ path, imports }) => {
      const room = roomOf(path) ?? "the root";
      const allowed = [room, ...ALLOWED.get(room) ?? [], ...isTest(path) ? ALLOWED_TO_TESTS : []];
      return imports.flatMap(({ target, line }) => {
        const other = target && roomOf(target);
        if (!other || allowed.includes(other)) return [];
        return [{ path, line, message: `${room} may not import ${other}` }];
      });
    }),
};
