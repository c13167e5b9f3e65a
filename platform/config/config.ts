import { StartError } from "../core/start_error.ts";
import type { Variable } from "./variable.ts";

/** Reads one environment variable, e.g. `Deno.env.get`. */
export type Environment = (name: string) => string | undefined;

/** The variables of a service, by their names in its code. */
export type Variables = Readonly<Record<string, Variable<unknown>>>;

/** The values of a service's variables. */
export type Config<Spec extends Variables> = {
  readonly [Key in keyof Spec]: Spec[Key] extends Variable<infer Value> ? Value : never;
};

/** One or more variables are missing or invalid; the message names all of them, and shows no secret. */
export class InvalidConfig extends StartError {
  constructor(problems: readonly string[]) {
    super(`the configuration is not usable:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "InvalidConfig";
  }
}

/**
 * Reads and checks all of a service's variables at once. An empty variable counts as absent.
 *
 * @throws {InvalidConfig} naming every variable that is missing or invalid, its value and its rule.
 */
export function readConfig<Spec extends Variables>(spec: Spec, environment: Environment): Config<Spec> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries(spec)) {
    const text = environment(variable.name) || variable.fallback;
    const value = text === undefined ? undefined : variable.parse(text);
    if (value === undefined) problems.push(describe(variable, text));
    values[key] = value;
  }
  if (problems.length > 0) throw new InvalidConfig(problems);
  // Each key now has the value that the variable of the same key parsed.
  return values as Config<Spec>;
}

function describe({ name, rule, secret }: Variable<unknown>, text: string | undefined): string {
  if (text === undefined) return `${name} is missing: must be ${rule}`;
  return `${name} is ${secret ? "set (not shown)" : JSON.stringify(text)}: must be ${rule}`;
}
