import { readDenoJson } from "../deno_json.ts";
import type { Rule } from "../rule.ts";

const GUARD = "@rocket/platform/refuse-broken-runtime";

/** Modules are evaluated in the order of their imports: any import above the guard also runs on a broken Deno. */
export const mainsRefuseFirst: Rule = {
  claim: "every main.ts refuses a broken Deno before it loads anything else",
  check: ({ modules }) =>
    modules.filter(({ path, imports }) => /^[^/]+\/main\.ts$/.test(path) && imports[0]?.specifier !== GUARD)
      .map(({ path }) => ({ path, line: 1, message: `must import ${GUARD} first` })),
};

/** The tasks that people and CI run. */
const GUARDED_TASKS = ["dev", "test", "ok"] as const;

/** A command that only runs a `main.ts`, which imports the guard. */
const RUNS_MAIN = /^deno run (?:--\S+ )*[^/\s]+\/main\.ts$/;

/** A task that runs anything other than a `main.ts` runs the guard first. */
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
