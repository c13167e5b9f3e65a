import assert from "node:assert/strict";
import { forwardLines, type LogEvent } from "./log.ts";

async function forward(text: string) {
  const lines: string[] = [];
  const events: LogEvent[] = [];
  const others: string[] = [];
  const stream = new Blob([text]).stream();
  await forwardLines("iam", stream, { write: (line) => lines.push(line) }, {
    onEvent: (event) => events.push(event),
    onOther: (line) => others.push(line),
  });
  return { lines, events, others };
}

Deno.test("a service's log lines pass unchanged, and the supervisor reads them", async () => {
  const line = '{"level":"info","service":"iam","address":"127.0.0.1:1","msg":"ready"}';
  const { lines, events, others } = await forward(`${line}\n`);
  assert.deepEqual(lines, [line]);
  assert.deepEqual(events, [{ msg: "ready", address: "127.0.0.1:1" }]);
  assert.deepEqual(others, []);
});

Deno.test("any other output becomes a log line that names the service", async () => {
  const words = ["error: out of luck", '"a JSON string"', '{"no":"message"}'];
  const { lines, events, others } = await forward(words.join("\n"));
  const written = lines.map((line) => JSON.parse(line));
  assert.deepEqual(written.map(({ msg }) => msg), words);
  for (const { service, level } of written) assert.deepEqual([service, level], ["iam", "warn"]);
  assert.deepEqual(events, []);
  assert.deepEqual(others, words);
});

Deno.test("colours and empty lines of other output are left out", async () => {
  const { others } = await forward("\x1b[0m\x1b[31merror\x1b[0m: out of luck\n\n  at home\n");
  assert.deepEqual(others, ["error: out of luck", "  at home"]);
});
