import assert from "node:assert/strict";
import { startProcess } from "./process.ts";

/** Something that takes a permission: what to do, and with which file, address, program, module or variable. */
export type Attempt = readonly [
  kind:
    | "env"
    | "read"
    | "write"
    | "run"
    | "load library"
    | "connect"
    | "connect to socket"
    | "listen"
    | "call",
  what: string,
];

const PROGRAM = new URL("programs/attempt.ts", import.meta.url).href;

/**
 * Tries things in a program that has these Deno flags.
 *
 * @returns What came of each: `refused: …` with the reason if Deno refuses it, `failed: …` if it was permitted and failed
 * for another reason, the value of a variable, or `done`.
 */
export async function outcomesUnder(
  flags: readonly string[],
  attempts: readonly Attempt[],
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const args = ["run", "--quiet", ...flags, PROGRAM, JSON.stringify(attempts)];
  await using program = startProcess(Deno.execPath(), args, { env: { ...env, NO_COLOR: "1" } });
  const { code } = await program.waitForExit();
  assert.equal(code, 0, program.output.join("\n"));
  return program.stdout.map(describe);
}

/** Imports a module in a program that has these Deno flags. @returns What came of it, like {@link outcomesUnder}. */
export async function importUnder(flags: readonly string[], module: string): Promise<string> {
  const source = `data:text/javascript,await import("${module}")`;
  await using program = startProcess(Deno.execPath(), ["run", ...flags, source], { env: { NO_COLOR: "1" } });
  const { code } = await program.waitForExit();
  return code === 0 ? "done" : refusedOrFailed(program.output.join(" "));
}

/** How Deno says that a permission is missing, or that a module is not in its cache. */
const REFUSAL = /NotCapable|Requires \w+ access|--cached-only is specified/;

function describe(line: string): string {
  const outcome: string | { readonly error: string } = JSON.parse(line);
  if (typeof outcome === "string") return outcome;
  return refusedOrFailed(outcome.error.replaceAll("\n", " "));
}

function refusedOrFailed(error: string): string {
  return `${REFUSAL.test(error) ? "refused" : "failed"}: ${error}`;
}
