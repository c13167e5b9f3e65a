import type { Rule } from "../rule.ts";
import { isForTests } from "../rooms.ts";

/** What is made for tests serves nothing else, wherever it lies. */
export const testCode: Rule = {
  claim: "only tests import what is made for tests",
  check: ({ modules }) =>
    modules.filter(({ path }) => !isForTests(path)).flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target !== undefined && isForTests(target))
        .map(({ target, line }) => ({ path, line, message: `${target} is made for tests` }))
    ),
};
