import assert from "node:assert/strict";
import { eventually } from "../testing/eventually.ts";
import { createLogSink, type DroppedLines, kindOf } from "./sink.ts";

const REQUEST = `{"level":"info","duration_ms":1,"msg":"request answered"}\n`;
const AUDIT = `{"level":"info","audit":true,"event":"login_refused","msg":"login refused"}\n`;
const CHARGE = `{"level":"info","order_uuid":"o","msg":"order charged"}\n`;

/** Creates a sink whose reader stalls, resumes and fails on request. */
function sinkWithReader() {
  const decoder = new TextDecoder();
  let written = "";
  let stalled = Promise.withResolvers<void>();
  stalled.resolve();
  let failure: Error | undefined;
  const reports: DroppedLines[] = [];
  const sink = createLogSink({
    async writeBytes(bytes) {
      await stalled.promise;
      if (failure !== undefined) throw failure;
      // Only some of the bytes, like a pipe that is nearly full.
      const taken = bytes.subarray(0, 100_000);
      written += decoder.decode(taken, { stream: true });
      return taken.length;
    },
    onDropped: (dropped) => {
      reports.push(dropped);
      sink.write(CHARGE);
    },
  });
  return {
    sink,
    reports,
    written: () => written,
    stall: () => stalled = Promise.withResolvers(),
    resume: () => stalled.resolve(),
    fail: (error: Error | undefined) => failure = error,
  };
}

Deno.test("lines are written whole and in order, and all of them by the end of a flush", async () => {
  const { sink, written, reports } = sinkWithReader();
  const lines = Array.from({ length: 9_000 }, (_, index) => `{"ü":${index},"msg":"order charged"}\n`);
  for (const line of lines) sink.write(line);
  await sink.flush(10_000);
  assert.equal(written(), lines.join(""));
  assert.deepEqual(reports, []);
});

Deno.test("while the reader stalls, lines are dropped and counted, starting with those about requests", async () => {
  const { sink, written, reports, stall, resume } = sinkWithReader();
  stall();
  for (let index = 0; index < 20_000; index++) sink.write(REQUEST);
  for (let index = 0; index < 5_000; index++) sink.write(CHARGE);
  resume();
  await sink.flush(10_000);
  const requests = written().split(REQUEST).length - 1;
  // The extra line reports the drops.
  assert.deepEqual(reports, [{ request: 20_000 - requests, other: 0, audit: 0 }]);
  assert.equal(written().split(CHARGE).length - 1, 5_000 + 1);
  assert.ok(requests > 1_000 && requests < 20_000);
});

Deno.test("lines to be audited are the last to be dropped", async () => {
  const { sink, written, reports, stall, resume } = sinkWithReader();
  stall();
  for (let index = 0; index < 100_000; index++) sink.write(CHARGE);
  for (let index = 0; index < 1_000; index++) sink.write(AUDIT);
  resume();
  await sink.flush(10_000);
  assert.equal(written().split(AUDIT).length - 1, 1_000);
  assert.equal(reports[0]?.audit, 0);
  assert.ok((reports[0]?.other ?? 0) > 0);
});

Deno.test("no client can make up a line to be audited, or one about a request", () => {
  const quoted = JSON.stringify({ path: '"audit":true', msg: 'path "msg":"request answered"}' });
  assert.equal(kindOf(`${quoted}\n`), "other");
});

Deno.test("the buffered lines are bounded, however long the reader stalls", async () => {
  const { sink, written, stall, resume, reports } = sinkWithReader();
  stall();
  for (let index = 0; index < 100_000; index++) sink.write(CHARGE);
  resume();
  await sink.flush(10_000);
  assert.ok(written().length <= 1024 * 1024 + CHARGE.length);
  const kept = written().length / CHARGE.length - 1;
  assert.deepEqual(reports, [{ request: 0, other: 100_000 - kept, audit: 0 }]);
});

Deno.test("a flush gives up on a reader that stalls", async () => {
  const { sink, stall, resume } = sinkWithReader();
  stall();
  sink.write(CHARGE);
  await sink.flush(50);
  resume();
  await sink.flush(10_000);
});

Deno.test("with a full disk, no line that fits into memory is lost", async () => {
  const { sink, written, fail } = sinkWithReader();
  fail(new Error("ENOSPC"));
  sink.write(CHARGE);
  await sink.flush(10_000);
  sink.write(REQUEST);
  fail(undefined);
  await eventually(() => assert.equal(written(), CHARGE + REQUEST));
});
