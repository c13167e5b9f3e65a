import { type Environment, InvalidConfig, readVariable } from "./read_variable.ts";
import type { Secret } from "./secret.ts";
import type { AnyVariable, SecretVariable, Variable } from "./variable.ts";

/** The variables of a service, by their names in its code. */
export type Variables = Readonly<Record<string, AnyVariable>>;

/** The values of a service's variables. A secret is a `Secret`, or `null` if it is optional and absent. */
export type Config<Spec extends Variables> = {
  readonly [Key in keyof Spec]: Spec[Key] extends SecretVariable<infer Value> ? ConfiguredSecret<Value>
    : Spec[Key] extends Variable<infer Value> ? Value
    : never;
};

type ConfiguredSecret<Value> = null extends Value ? Secret<NonNullable<Value>> | null : Secret<Value>;

/**
 * Reads and checks all of a service's variables at once. An empty variable counts as absent. The value of a secret `X`
 * may be in a file, which `X_FILE` then names; a newline at its end is cut.
 *
 * @throws {InvalidConfig} naming every variable that is missing or invalid, its value and its rule.
 */
export function readConfig<Spec extends Variables>(spec: Spec, environment: Environment): Config<Spec> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries(spec)) {
    try {
      values[key] = readVariable(variable, environment);
    } catch (error) {
      if (!(error instanceof InvalidConfig)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InvalidConfig(problems);
  // Each key now has the value that the variable of the same key parsed.
  return values as Config<Spec>;
}
