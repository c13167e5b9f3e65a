import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const TALLY = fileURLToPath(new URL("tally", import.meta.url));

async function tally(log: string): Promise<string> {
  const process = new Deno.Command(TALLY, { stdin: "piped", stdout: "piped" }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(log));
  await writer.close();
  const { success, stdout } = await process.output();
  assert.ok(success);
  return new TextDecoder().decode(stdout);
}

const CASES: readonly (readonly [name: string, log: string, line: string])[] = [
  ["a log without a summary has no tests", "Check iam/mod.ts\n", "0 passed, 0 failed"],
  ["one run", "ok | 12 passed | 0 failed (3s)\n", "12 passed, 0 failed"],
  [
    "several runs are added up; steps, measured and filtered tests are not counted",
    "ok | 2 passed (9 steps) | 0 failed (7ms)\n" +
    "FAILED | 30 passed | 4 failed (1 step) | 5 measured | 6 filtered out (1m2s)\n",
    "32 passed, 4 failed",
  ],
  [
    "ignored tests are reported",
    "ok | 1 passed | 0 failed | 2 ignored (1s)\nok | 1 passed | 0 failed | 3 ignored (1s)\n",
    "2 passed, 0 failed, 5 skipped",
  ],
  ["a run without tests", "ok | 0 passed | 0 failed (0ms)\n", "0 passed, 0 failed"],
  ["colours are ignored", "\x1b[0m\x1b[32mok\x1b[0m | 3 passed | 0 failed\n", "3 passed, 0 failed"],
  ["a summary in the middle of a line is ignored", "log: ok | 7 passed | 0 failed\n", "0 passed, 0 failed"],
];

for (const [name, log, line] of CASES) {
  Deno.test(`the tally of a log: ${name}`, async () => {
    assert.equal(await tally(log), `${line}\n`);
  });
}
