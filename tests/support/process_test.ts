import assert from "node:assert/strict";
import { startProcess } from "./process.ts";

Deno.test("lines of stdout and stderr are found in order, and only once", async () => {
  await using shell = startProcess("sh", ["-c", "echo one 1; read word; echo $word 2 >&2"]);
  assert.equal((await shell.waitForLine(/one (\d)/))[1], "1");
  await shell.writeLine("two");
  assert.equal((await shell.waitForLine(/\w+ (\d)/))[1], "2");
  await shell.waitForExit();
  assert.deepEqual(shell.output, ["one 1", "two 2"]);
  assert.deepEqual(shell.stdout, ["one 1"]);
});

Deno.test("the output of a running process can only be read up to a given line", async () => {
  await using shell = startProcess("sh", ["-c", "echo one; echo two; echo three; read forever"]);
  assert.deepEqual(await shell.linesUntil(/two/), ["one", "two"]);
  assert.throws(() => shell.output, TypeError);
  assert.equal((await shell.waitForLine(/one/))[0], "one");
});

Deno.test("waiting for a line fails with the exit code and last output if the process ends without it", async () => {
  await using shell = startProcess("sh", ["-c", "echo oh dear; exit 3"]);
  await assert.rejects(shell.waitForLine(/ready/), /did not print \/ready\/ \(exit code 3\).*\noh dear/);
  assert.equal(shell.isRunning, false);
});

Deno.test("waiting for a line fails after the given time", async () => {
  await using shell = startProcess("sh", ["-c", "read forever"]);
  await assert.rejects(shell.waitForLine(/ready/, 50), /did not print \/ready\/ within 50 ms/);
  assert.equal(shell.isRunning, true);
});

Deno.test("the exit of a killed process names the signal", async () => {
  await using shell = startProcess("sh", ["-c", "read forever"]);
  shell.kill("SIGTERM");
  assert.equal((await shell.waitForExit()).signal, "SIGTERM");
});

Deno.test("an exit is reported only after all output has been read", async () => {
  await using shell = startProcess("sh", ["-c", "echo first; (sleep 0.2; echo last) & exit 0"]);
  assert.equal((await shell.waitForExit()).code, 0);
  assert.deepEqual(shell.output, ["first", "last"]);
});

Deno.test("leaving the scope kills the process, even if a grandchild holds its pipes", async () => {
  let shell;
  {
    await using scoped = startProcess("sh", ["-c", "sleep 5 & echo started; wait"]);
    shell = scoped;
    await shell.waitForLine(/started/);
  }
  assert.equal(shell.isRunning, false);
});
