import { StartError } from "../core/start_error.ts";
import { type Reading, Secret } from "./secret.ts";
import type { AnyVariable, SecretVariable, Variable } from "./variable.ts";

/** Reads one environment variable, e.g. `Deno.env.get`. */
export type Environment = (name: string) => string | undefined;

/** One or more variables are missing or invalid; the message names all of them, and shows no secret. */
export class InvalidConfig extends StartError {
  constructor(readonly problems: readonly string[]) {
    super(`the configuration is not usable:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "InvalidConfig";
  }
}

/** The variable that names the file from which a secret may come instead: `SERVICE_TOKEN_FILE` for `SERVICE_TOKEN`. */
export function fileVariable({ name }: SecretVariable<unknown>): string {
  return `${name}_FILE`;
}

/**
 * Reads one variable. An empty one counts as absent, and an absent one has its default. A secret is a `Secret`, or
 * `null` if it is optional and absent.
 *
 * @throws {InvalidConfig} if the variable is missing or breaks its rule, or a secret is set twice or its file can't be
 * read.
 */
export function readVariable(variable: AnyVariable, environment: Environment): unknown {
  return variable.secret ? readSecret(variable, environment) : parse(variable, textOf(variable, environment));
}

function textOf(variable: AnyVariable, environment: Environment): string {
  const text = environment(variable.name) || variable.fallback;
  if (text === undefined) throw new InvalidConfig([`${variable.name} is missing: must be ${variable.rule}`]);
  return text;
}

function parse<T>(variable: Variable<T> | SecretVariable<T>, text: string): T {
  const value = variable.parse(text);
  if (value !== undefined) return value;
  throw invalid(variable, text, variable.rule);
}

/** Creates the refusal of a variable that breaks a rule, given in words. */
export function refuse(variable: AnyVariable, environment: Environment, rule: string): InvalidConfig {
  // The text of a secret may be in a file, and is not shown.
  return invalid(variable, variable.secret ? "" : textOf(variable, environment), rule);
}

function invalid({ name, secret }: AnyVariable, text: string, rule: string): InvalidConfig {
  return new InvalidConfig([
    `${name} is ${secret ? "set (not shown)" : JSON.stringify(text)}: must be ${rule}`,
  ]);
}

function readSecret<T>(variable: SecretVariable<T>, environment: Environment): Secret<T> | null {
  const path = environment(fileVariable(variable));
  if (path) {
    if (environment(variable.name)) {
      throw new InvalidConfig([
        `${variable.name} and ${fileVariable(variable)} are both set: set one of them`,
      ]);
    }
    return readSecretFile(variable, path);
  }
  const text = textOf(variable, environment);
  const value = parse(variable, text);
  return value === null ? null : new Secret(variable.name, { text, value });
}

function readSecretFile<T>(variable: SecretVariable<T>, path: string): Secret<T> {
  const refusal = (what: string) =>
    new InvalidConfig([
      `${fileVariable(variable)} is ${JSON.stringify(path)}, ${what}: must name a file with ${variable.rule}`,
    ]);
  const unreadable = (error: unknown) =>
    refusal(`which can't be read (${error instanceof Error ? error.name : "unknown error"})`);
  const parseContent = (content: string): Reading<T> => {
    // Editors and `echo` end a file with a newline, which is not part of the secret.
    const text = content.replace(/\r?\n$/, "");
    const value = text === "" ? undefined : variable.parse(text);
    if (value === undefined) {
      throw refusal(text === "" ? "which is empty" : "whose content (not shown) is invalid");
    }
    return { text, value };
  };
  const first = parseContent(contentOf(path, unreadable));
  const addressesOf = ({ value }: Reading<T>) => variable.net?.(value, () => undefined) ?? [];
  // Deno's permissions are fixed when the service starts.
  const reachable = new Set(addressesOf(first));
  return new Secret(variable.name, first, async () => {
    const next = parseContent(
      await Deno.readTextFile(path).catch((error) => Promise.reject(unreadable(error))),
    );
    if (addressesOf(next).every((address) => reachable.has(address))) return next;
    throw refusal("whose content (not shown) has another address, which takes a restart");
  });
}

function contentOf(path: string, unreadable: (error: unknown) => InvalidConfig): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw unreadable(error);
  }
}
