import { ResourceExhausted } from "@rocket/platform/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { normalizeCandidate, type Password } from "../model/password.ts";
import { type Argon2Options, createPasswordHasher } from "./password_hasher.ts";

const OWASP: Argon2Options = { memoryKib: 19_456, passes: 2, lanes: 1, concurrency: 1, queue: 128 };
const QUICK: Argon2Options = { ...OWASP, memoryKib: 8, passes: 1 };

Deno.test("a hash is a PHC string of Argon2id with the parameters asked for", async () => {
  const stored = await createPasswordHasher(OWASP).hash(typed("correct horse"));
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
});

Deno.test("a password opens with its own hash, in every spelling, and in no other letter case", async () => {
  const hasher = createPasswordHasher(QUICK);
  const stored = await hasher.hash(typed("Ångström-2½"));
  assert.equal(await hasher.verify(stored, typed("A\u030angstro\u0308m－２½")), true);
  assert.equal(await hasher.verify(stored, typed("ångström-2½")), false);
});

Deno.test("the same password is stored differently each time", async () => {
  const hasher = createPasswordHasher(QUICK);
  assert.notEqual(await hasher.hash(typed("correct horse")), await hasher.hash(typed("correct horse")));
});

Deno.test("every character counts, NUL and the last of 128 included", async () => {
  const hasher = createPasswordHasher(QUICK);
  for (const [one, other] of [["rX7!\0kq2", "rX7!\0kq3"], ["z".repeat(127) + "a", "z".repeat(127) + "b"]]) {
    assert.equal(await hasher.verify(await hasher.hash(typed(one ?? "")), typed(other ?? "")), false);
  }
});

Deno.test("a candidate opens a hash exactly where it is the same text", async () => {
  const hasher = createPasswordHasher(QUICK);
  const passwords = fc.string({ unit: "binary", maxLength: 100 }).map(normalizeCandidate).filter((it) =>
    it !== undefined
  );
  await fc.assert(fc.asyncProperty(passwords, passwords, async (password, candidate) => {
    const stored = await hasher.hash(password);
    assert.equal(await hasher.verify(stored, password), true);
    assert.equal(await hasher.verify(stored, candidate), candidate === password);
  }));
});

Deno.test("an unknown login and a text that can be no password open nothing", async () => {
  const hasher = createPasswordHasher(QUICK);
  const emptyStored = await hasher.hash(typed(""));
  assert.equal(await hasher.verify(undefined, typed("correct horse")), false);
  assert.equal(await hasher.verify(emptyStored, undefined), false);
  assert.equal(await hasher.verify(undefined, undefined), false);
});

Deno.test("an unknown login and no candidate cost what a wrong password costs, within 25 %", async () => {
  const hasher = createPasswordHasher(OWASP);
  const stored = await hasher.hash(typed("correct horse"));
  const cases = {
    wrong: () => hasher.verify(stored, typed("battery staple")),
    unknown: () => hasher.verify(undefined, typed("battery staple")),
    impossible: () => hasher.verify(stored, undefined),
    unknownAndImpossible: () => hasher.verify(undefined, undefined),
  };
  const { wrong, ...others } = await medianMs(cases, 20);
  for (const [name, ms] of Object.entries(others)) {
    assert.ok(Math.abs(ms / wrong - 1) <= 0.25, `${name} took ${ms} ms, wrong ${wrong} ms`);
  }
});

Deno.test("what is stored and is no Argon2 hash is a fault, not a wrong password", async () => {
  const hasher = createPasswordHasher(QUICK);
  for (const stored of ["", "secret", "$argon2id$v=19$m=8,t=1,p=1$", "$2b$10$N9qo8uLOickgx2ZMRZoMye"]) {
    await assert.rejects(hasher.verify(stored, typed("correct horse")), /Decoding failed/);
    assert.throws(() => hasher.isOutdated(stored), /Decoding failed/);
  }
});

Deno.test("a hash made with other parameters is outdated, and still opens", async () => {
  const before = createPasswordHasher(QUICK);
  const stored = await before.hash(typed("correct horse"));
  assert.equal(before.isOutdated(stored), false);
  for (const change of [{ memoryKib: 64 }, { passes: 2 }, { lanes: 2, memoryKib: 16 }]) {
    const after = createPasswordHasher({ ...QUICK, ...change });
    assert.equal(after.isOutdated(stored), true);
    assert.equal(await after.verify(stored, typed("correct horse")), true);
  }
});

Deno.test("a hash of another Argon2 is outdated", async () => {
  const hasher = createPasswordHasher(QUICK);
  const stored = await hasher.hash(typed("correct horse"));
  assert.equal(hasher.isOutdated(stored.replace("argon2id", "argon2i")), true);
  assert.equal(hasher.isOutdated(stored.replace("v=19", "v=16")), true);
});

Deno.test("parameters that Argon2 does not accept are refused when the hasher is made", () => {
  assert.throws(() => createPasswordHasher({ ...QUICK, memoryKib: 1 }));
});

Deno.test("past the queue, hashing and verifying are refused alike until a place is free", async () => {
  const hasher = createPasswordHasher({ ...QUICK, concurrency: 2, queue: 3 });
  const stored = await hasher.hash(typed("correct horse"));
  const accepted = Array.from({ length: 5 }, () => hasher.hash(typed("correct horse")));
  const refused = [
    hasher.hash(typed("correct horse")),
    hasher.verify(stored, typed("correct horse")),
    hasher.verify(undefined, undefined),
  ];
  for (const outcome of await Promise.allSettled(refused)) {
    assert.ok(outcome.status === "rejected" && outcome.reason instanceof ResourceExhausted);
    assert.equal(outcome.reason.reason, "PASSWORD_QUEUE_FULL");
    assert.equal(outcome.reason.retryAfterSeconds, 1);
  }
  await Promise.all(accepted);
  assert.equal(await hasher.verify(stored, typed("correct horse")), true);
});

Deno.test("a fault gives its place back", async () => {
  const hasher = createPasswordHasher({ ...QUICK, concurrency: 1, queue: 0 });
  await assert.rejects(hasher.verify("secret", typed("correct horse")), /Decoding failed/);
  assert.equal(await hasher.verify(undefined, typed("correct horse")), false);
});

Deno.test("the event loop turns while passwords are hashed", async () => {
  const hasher = createPasswordHasher({ ...OWASP, concurrency: 4 });
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  await Promise.all(Array.from({ length: 4 }, () => hasher.hash(typed("correct horse"))));
  clearInterval(turning);
  // Hashed on the loop, these four would let none through: a promise goes on before a timer does.
  assert.ok(turns > 0);
});

function typed(text: string): Password {
  const candidate = normalizeCandidate(text);
  assert.ok(candidate !== undefined);
  return candidate;
}

/** Runs the cases in turn, so that a busy machine slows all of them alike. */
async function medianMs<Name extends string>(
  cases: Readonly<Record<Name, () => Promise<unknown>>>,
  rounds: number,
): Promise<Record<Name, number>> {
  // Object.keys forgets the key type that the parameter promises.
  const names = Object.keys(cases) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      await cases[name]();
      times.get(name)?.push(performance.now() - start);
    }
  }
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
  // Every name has its times: the map was made from the same names.
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}
