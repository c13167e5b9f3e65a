import assert from "node:assert/strict";
import { inBatches } from "./batches.ts";

Deno.test("all items are processed, batch by batch, until a batch is not full", async () => {
  const { done, takes, run } = setUp(5);
  await run(2);
  assert.deepEqual(done, [0, 1, 2, 3, 4]);
  assert.equal(takes(), 3);
});

Deno.test("once the service is closing, no further item is taken or started", async () => {
  const closing = new AbortController();
  const { done, takes, run } = setUp(100, (item) => item === 3 && closing.abort());
  await run(50, closing.signal);
  assert.deepEqual(done, [0, 1, 2, 3]);
  assert.equal(takes(), 1);
});

Deno.test("ten items are processed at once", async () => {
  let [running, maxRunning] = [0, 0];
  const { run } = setUp(40, async () => {
    maxRunning = Math.max(maxRunning, ++running);
    await Promise.resolve();
    running--;
  });
  await run(40);
  assert.equal(maxRunning, 10);
});

function setUp(total: number, work: (item: number) => unknown = () => {}) {
  const done: number[] = [];
  let [next, takes] = [0, 0];
  const take = (size: number) => {
    takes++;
    return Promise.resolve(Array.from({ length: Math.min(size, total - next) }, () => next++));
  };
  const run = (size: number, closing = new AbortController().signal) =>
    inBatches(size, take, async (item) => {
      done.push(item);
      await work(item);
    }, closing);
  return { done, takes: () => takes, run };
}
