import type { Rule } from "../rule.ts";
import { isTestCode } from "../layout.ts";

/** Code for tests never runs in production, whatever folder it is in. */
export const testCode: Rule = {
  claim: "only tests import test code",
  check: ({ modules }) =>
    modules.filter(({ path }) => !isTestCode(path)).flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target !== undefined && isTestCode(target))
        .map(({ target, line }) => ({ path, line, message: `${target} is test code` }))
    ),
};
