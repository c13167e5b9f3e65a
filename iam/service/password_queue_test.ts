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
  const hasher = createPasswordHasher(options, argon2);
  const password = normalizeCandidate("correct horse") ?? assert.fail("not a password");
  const hash = (deadline: number, isCancelled = () => false) =>
    runWithRequest({ requestId: "r-1", deadline, isCancelled }, () => hasher.hash(password));
  const finishNext = async () => (await eventually(() => running.shift() ?? assert.fail("nothing runs")))();
  return { hash, finishNext, computed: () => computed };
}

Deno.test("a password is not hashed if its request's deadline passes while it waits", async () => {
  const { hash, finishNext, computed } = arrange();
  const first = hash(Infinity);
  const late = hash(Date.now() + 20);
  const refused = assert.rejects(late, DeadlineExceeded);
  await new Promise((resolve) => setTimeout(resolve, 30));
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
  const { hash, finishNext } = arrange();
  const slow = hash(Infinity);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await finishNext();
  await slow;

  // One runs and nine wait, of 200 ms or more each.
  const waiting = Array.from({ length: 10 }, () => hash(Infinity));
  await assert.rejects(hash(Date.now() + 1_000), (error: unknown) => {
    assert.ok(error instanceof ResourceExhausted, String(error));
    assert.equal(error.reason, "PASSWORD_QUEUE_FULL");
    assert.ok(error.retryAfterSeconds >= 2, `${error.retryAfterSeconds} s`);
    return true;
  });
  const patient = hash(Date.now() + 10 * MINUTE_MS);
  for (let count = 0; count < 11; count++) await finishNext();
  await Promise.all([...waiting, patient]);
});

Deno.test("a caller is never refused while no other password is being hashed, even if the last one was slow", async () => {
  const { hash, finishNext } = arrange();
  const slow = hash(Infinity);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await finishNext();
  await slow;
  const next = hash(Date.now() + 150);
  await finishNext();
  await next;
});
