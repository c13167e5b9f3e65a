import { PLAINTEXT } from "./common_variables.ts";
import { type Environment, InvalidConfig, readVariable, refuse } from "./read_variable.ts";
import { Secret } from "./secret.ts";
import type { AnyVariable, SecretVariable, ValueOf, Variable } from "./variable.ts";

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
  const valueOf = valuesOf(spec, values);
  for (const variable of Object.values(spec)) {
    const rule = findBrokenRule(variable, valueOf);
    if (rule !== undefined) problems.push(...refuse(variable, environment, rule).problems);
  }
  if (problems.length > 0) throw new InvalidConfig(problems);
  // Each key now has the value that the variable of the same key parsed.
  return values as Config<Spec>;
}

/** Looks up the present values of a service's variables; `undefined` for those that are missing or invalid. */
export function valuesOf(spec: Variables, values: Readonly<Record<string, unknown>>): ValueOf {
  return ({ name }) => {
    const key = Object.keys(spec).find((key) => spec[key]?.name === name);
    if (key === undefined) throw new TypeError(`${name} is not among the service's variables`);
    const value = values[key];
    return value instanceof Secret ? value.value : value;
  };
}

/** What a variable must be besides following its own rule, in words; `undefined` if it is. */
function findBrokenRule(variable: AnyVariable, valueOf: ValueOf): string | undefined {
  const value = valueOf(variable);
  if (value === undefined) return undefined;
  const tls = variable.plaintextWithout?.(value, valueOf);
  if (tls === undefined || valueOf(PLAINTEXT) === "allow") return variable.check?.(value, valueOf);
  return `on localhost, 127.0.0.0/8 or ::1, unless ${tls} are set or ${PLAINTEXT.name}=allow`;
}
