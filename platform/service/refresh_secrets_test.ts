import assert from "node:assert/strict";
import { InvalidConfig } from "../config/read_variable.ts";
import { type Reading, Secret } from "../config/secret.ts";
import { captureLog } from "../testing/captured_log.ts";
import { createRefreshSecrets } from "./refresh_secrets.ts";

/** A secret whose file holds, one after the other, these texts; what is an error stands for a file that can't be used. */
function secretThatReads(variable: string, texts: readonly (string | Error)[]): Secret<string> {
  const reads = texts.values();
  const reading = (text: string): Reading<string> => ({ text, value: text });
  return new Secret(variable, reading("hunter1"), () => {
    const next = reads.next().value ?? "hunter1";
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(reading(next));
  });
}

const unusable = (what: string) => new InvalidConfig([`TOKEN_FILE is "/t", which is ${what}`]);

Deno.test("a replaced secret is logged once, by the name of its variable and without its value", async () => {
  const captured = captureLog();
  const token = secretThatReads("TOKEN", ["hunter1", "hunter2", "hunter2"]);
  const other = secretThatReads("OTHER", ["hunter1", "hunter1", "hunter3"]);
  const refresh = createRefreshSecrets([token, other], captured.log);
  for (const values of [["hunter1", "hunter1"], ["hunter2", "hunter1"], ["hunter2", "hunter3"]]) {
    await refresh();
    assert.deepEqual([token.value, other.value], values);
  }
  assert.deepEqual(captured.lines.map(({ level, msg, variable }) => [level, msg, variable]), [
    ["info", "secret replaced", "TOKEN"],
    ["info", "secret replaced", "OTHER"],
  ]);
  assert.doesNotMatch(captured.text(), /hunter/);
});

Deno.test("a file that can't be used is logged once for each complaint, and does not keep others from being read", async () => {
  const captured = captureLog();
  const broken = secretThatReads("TOKEN", [
    unusable("empty"),
    unusable("empty"),
    unusable("gone"),
    "hunter2",
  ]);
  const other = secretThatReads("OTHER", ["hunter3", "hunter3", "hunter3", "hunter3"]);
  const refresh = createRefreshSecrets([broken, other], captured.log);
  for (let run = 0; run < 4; run++) await refresh();
  assert.deepEqual(captured.lines.map(({ level, msg, variable }) => [level, msg, variable]), [
    ["warn", "secret not replaced", "TOKEN"],
    ["info", "secret replaced", "OTHER"],
    ["warn", "secret not replaced", "TOKEN"],
    ["info", "secret replaced", "TOKEN"],
  ]);
  assert.deepEqual([broken.value, other.value], ["hunter2", "hunter3"]);
});

Deno.test("any other error is a fault, which the work that repeats it logs", async () => {
  const refresh = createRefreshSecrets([secretThatReads("TOKEN", [new TypeError("bug")])], captureLog().log);
  await assert.rejects(refresh(), TypeError);
});
