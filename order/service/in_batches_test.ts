import assert from "node:assert/strict";
import { inBatches } from "./in_batches.ts";

Deno.test("all items are worked on, batch by batch, until a batch is not full", async () => {
  const { done, takes, run } = setUp(5);
  await run(2);
  assert.deepEqual(done, [0, 1, 2, 3, 4]);
  assert.equal(takes(), 3);
});

Deno.test("once the service closes, nothing else is taken or begun", async () => {
  const closing = new AbortController();
  const { done, takes, run } = setUp(100, (thing) => thing === 3 && closing.abort());
  await run(50, closing.signal);
  assert.deepEqual(done, [0, 1, 2, 3]);
  assert.equal(takes(), 1);
});

Deno.test("ten items are worked on at once", async () => {
  let [now, most] = [0, 0];
  const { run } = setUp(40, async () => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
  });
  await run(40);
  assert.equal(most, 10);
});

function setUp(there: number, work: (thing: number) => unknown = () => {}) {
  const done: number[] = [];
  let [next, takes] = [0, 0];
  const take = (size: number) => {
    takes++;
    return Promise.resolve(Array.from({ length: Math.min(size, there - next) }, () => next++));
  };
  const run = (size: number, closing = new AbortController().signal) =>
    inBatches(size, take, async (thing) => {
      done.push(thing);
      await work(thing);
    }, closing);
  return { done, takes: () => takes, run };
}
