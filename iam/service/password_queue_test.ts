import { DeadlineExceeded, ResourceExhausted, runWithRequest } from "@rocket/platform/core";
import { eventually } from "@rocket/platform/testing/eventually";
import assert from "node:assert/strict";
import { normalizeCandidate } from "../model/password.ts";
import { createPasswordHasher } from "./password_hasher.ts";

const MINUTE_MS = 60_000;

/** Builds a hasher that computes one hash at a time, each of which the test finishes. */
function arrange() {
  const running: (() => void)[] = [];
  let computed = 0;
  const argon2 = {
    hash: () => {
      computed++;
      const { promise, resolve } = Promise.withResolvers<string>();
      running.push(() => resolve("hash"));
      return promise;
    },
    verify: () => Promise.reject(new Error("not used by a hash")),
  };
  const options = { memoryKib: 8, passes: 1, lanes: 1, concurrency: 1, queue: 100 };
  let now = 0;
  const hasher = createPasswordHasher(options, argon2, () => now);
  const password = normalizeCandidate("correct horse") ?? assert.fail("not a password");
  const hash = (deadline: number, isCancelled = () => false) =>
    runWithRequest({ requestId: "r-1", deadline, isCancelled }, () => hasher.hash(password));
  const finishNext = async () => (await eventually(() => running.shift() ?? assert.fail("nothing runs")))();
  return { hash, finishNext, computed: () => computed, pass: (ms: number) => void (now += ms) };
}

Deno.test("a password is not hashed if its request's deadline passes while it waits", async () => {
  const { hash, finishNext, computed } = arrange();
  const first = hash(Infinity);
  const deadline = Date.now() + 20;
  const late = hash(deadline);
  const refused = assert.rejects(late, DeadlineExceeded);
  await eventually(() => assert.ok(Date.now() > deadline));
  await finishNext();
  await Promise.all([first, refused]);
  assert.equal(computed(), 1);
});

Deno.test("a password is not hashed if its caller hangs up while it waits", async () => {
  const { hash, finishNext, computed } = arrange();
  let isCancelled = false;
  const first = hash(Infinity);
  const refused = assert.rejects(hash(Infinity, () => isCancelled), DeadlineExceeded);
  isCancelled = true;
  await finishNext();
  await Promise.all([first, refused]);
  assert.equal(computed(), 1);
});

Deno.test("a caller whose turn would come after its deadline is refused at once, with the time to wait", async () => {
  const { hash, finishNext, pass, computed } = arrange();
  const slow = hash(Infinity);
  await eventually(() => assert.equal(computed(), 1));
  pass(10 * MINUTE_MS);
  await finishNext();
  await slow;

  // One runs and nine wait, of ten minutes each.
  const waiting = Array.from({ length: 10 }, () => hash(Infinity));
  await assert.rejects(hash(Date.now() + MINUTE_MS), (error: unknown) => {
    assert.ok(error instanceof ResourceExhausted, String(error));
    assert.equal(error.reason, "PASSWORD_QUEUE_FULL");
    assert.equal(error.retryAfterSeconds, 10 * 10 * 60);
    return true;
  });
  const patient = hash(Date.now() + 1_000 * MINUTE_MS);
  for (let count = 0; count < 11; count++) await finishNext();
  await Promise.all([...waiting, patient]);
});

Deno.test("a caller is never refused while no other password is being hashed, even if the last one was slow", async () => {
  const { hash, finishNext, pass, computed } = arrange();
  const slow = hash(Infinity);
  await eventually(() => assert.equal(computed(), 1));
  pass(10 * MINUTE_MS);
  await finishNext();
  await slow;
  const next = hash(Date.now() + MINUTE_MS);
  await finishNext();
  await next;
});
