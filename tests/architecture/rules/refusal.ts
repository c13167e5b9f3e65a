import { readDenoJson } from "../deno_json.ts";
import type { Rule } from "../rule.ts";

const GUARD = "@rocket/platform/refuse-broken-runtime";

/** Modules are evaluated in the order of their imports: what stands above the guard runs on the broken Deno too. */
export const mainsRefuseFirst: Rule = {
  claim: "every main.ts refuses a broken Deno before it loads anything else",
  check: ({ modules }) =>
    modules.filter(({ path, imports }) => /^[^/]+\/main\.ts$/.test(path) && imports[0]?.specifier !== GUARD)
      .map(({ path }) => ({ path, line: 1, message: `must import ${GUARD} first` })),
};

/** What people and CI run. */
const GUARDED_TASKS = ["dev", "test", "ok"] as const;

/** Runs nothing but a `main.ts`, which guards itself. */
const RUNS_MAIN = /^deno run (?:--\S+ )*[^/\s]+\/main\.ts$/;

/** Tasks that run other programs than a `main.ts` have the guard run first. */
export const tasksRefuse: Rule = {
  claim: `the tasks ${GUARDED_TASKS.join(", ")} refuse a broken Deno`,
  check: ({ files }) => {
    const { tasks = {} } = readDenoJson(files, "deno.json");
    return GUARDED_TASKS.flatMap((name) => {
      const guard = `deno run platform/service/refuse_broken.ts ${name} && `;
      const command = tasks[name]?.command ?? "";
      if (command.startsWith(guard) || RUNS_MAIN.test(command)) return [];
      return [{ path: "deno.json", message: `task ${name} must begin with: ${guard.trimEnd()}` }];
    });
  },
};
