import assert from "node:assert/strict";
import { createSignal } from "./signal.ts";

const NEVER = new AbortController().signal;
const LONG_MS = 1_000_000;

Deno.test("a signal that was raised before the wait ends it at once, and only that one", async () => {
  const signal = createSignal();
  signal.raise();
  signal.raise();
  await signal.wait(LONG_MS, NEVER);
  let isOver = false;
  const next = signal.wait(LONG_MS, NEVER).then(() => isOver = true);
  await Promise.resolve();
  assert.equal(isOver, false);
  signal.raise();
  await next;
});

Deno.test("a wait ends without a signal when its time has passed, or when its end is requested", async () => {
  const signal = createSignal();
  await signal.wait(1, NEVER);
  const ending = new AbortController();
  const waiting = signal.wait(LONG_MS, ending.signal);
  ending.abort();
  await waiting;
  await signal.wait(LONG_MS, ending.signal);
});
