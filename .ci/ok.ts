/**
 * Runs every check that a commit must pass and prints how long each took. Stops at the first failure, with the command
 * that repeats it.
 *
 * @module
 */
import process from "node:process";

const STEPS: readonly (readonly string[])[] = [
  ["fmt", "--check"],
  ["lint"],
  ["check", "--quiet", "."],
  ["task", "proto:check"],
  ["task", "contract:check"],
  ["task", "graph"],
  ["task", "test"],
];

const pin = (await Deno.readTextFile(new URL("../.dvmrc", import.meta.url))).trim();

for (const step of STEPS) {
  const begin = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), { args: [...step] }).spawn().status;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  if (!success) {
    print(
      `not ok: deno ${step.join(" ")} (${seconds} s); repeat it with: npx -y deno@${pin} ${step.join(" ")}`,
    );
    process.exit(1);
  }
  print(`ok: deno ${step.join(" ")} (${seconds} s)`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
