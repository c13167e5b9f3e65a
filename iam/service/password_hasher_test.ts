import { hash, type Options, parseOptions, verify } from "@node-rs/argon2";
import { ResourceExhausted } from "@rocket/platform/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { normalizeCandidate, type Password } from "../model/password.ts";
import { type Argon2, type Argon2Options, createPasswordHasher } from "./password_hasher.ts";

const OWASP: Argon2Options = { memoryKib: 19_456, passes: 2, lanes: 1, concurrency: 1, queue: 128 };
const QUICK: Argon2Options = { ...OWASP, memoryKib: 8, passes: 1 };

Deno.test("a hash is a PHC string of Argon2id with the configured parameters", async () => {
  const stored = await createPasswordHasher(OWASP).hash(passwordOf("correct horse"));
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
});

Deno.test("a password matches its own hash in every spelling, but not in another letter case", async () => {
  const hasher = createPasswordHasher(QUICK);
  const stored = await hasher.hash(passwordOf("Ångström-2½"));
  assert.equal(await hasher.verify(stored, passwordOf("A\u030angstro\u0308m－２½"), []), true);
  assert.equal(await hasher.verify(stored, passwordOf("ångström-2½"), []), false);
});

Deno.test("the same password is stored differently each time", async () => {
  const hasher = createPasswordHasher(QUICK);
  assert.notEqual(
    await hasher.hash(passwordOf("correct horse")),
    await hasher.hash(passwordOf("correct horse")),
  );
});

Deno.test("every character counts, including NUL and the last of 128", async () => {
  const hasher = createPasswordHasher(QUICK);
  for (const [one, other] of [["rX7!\0kq2", "rX7!\0kq3"], ["z".repeat(127) + "a", "z".repeat(127) + "b"]]) {
    assert.equal(
      await hasher.verify(await hasher.hash(passwordOf(one ?? "")), passwordOf(other ?? ""), []),
      false,
    );
  }
});

Deno.test("a candidate matches a hash only if it is the same password", async () => {
  const hasher = createPasswordHasher(QUICK);
  const passwords = fc.string({ unit: "binary", maxLength: 100 }).map(normalizeCandidate).filter((it) =>
    it !== undefined
  );
  await fc.assert(fc.asyncProperty(passwords, passwords, async (password, candidate) => {
    const stored = await hasher.hash(password);
    assert.equal(await hasher.verify(stored, password, []), true);
    assert.equal(await hasher.verify(stored, candidate, []), candidate === password);
  }));
});

Deno.test("an unknown login and a text that can't be a password are refused", async () => {
  const hasher = createPasswordHasher(QUICK);
  const emptyStored = await hasher.hash(passwordOf(""));
  assert.equal(await hasher.verify(undefined, passwordOf("correct horse"), []), false);
  assert.equal(await hasher.verify(emptyStored, undefined, []), false);
  assert.equal(await hasher.verify(undefined, undefined, []), false);
});

const LOW = "m=8,t=1,p=1";
const MIDDLE = "m=16,t=1,p=2";
const HIGH = "m=64,t=3,p=1";

/** Costs of the stored hashes while MIDDLE is configured, and the hashes that every refusal then computes. */
const refusals: Readonly<
  Record<string, { readonly inUse: readonly string[]; readonly computes: readonly string[] }>
> = {
  "no hash is stored": { inUse: [], computes: [MIDDLE] },
  "all hashes have the configured cost": { inUse: [MIDDLE], computes: [MIDDLE] },
  "the cost was raised and no hash renewed yet": { inUse: [LOW], computes: [LOW] },
  "the cost was raised": { inUse: [LOW, MIDDLE], computes: [LOW, MIDDLE] },
  "the cost was lowered and no hash renewed yet": { inUse: [HIGH], computes: [HIGH] },
  "the cost was lowered": { inUse: [HIGH, MIDDLE], computes: [HIGH, MIDDLE] },
  "the cost was changed twice": { inUse: [HIGH, LOW, MIDDLE], computes: [HIGH, LOW, MIDDLE] },
};

Deno.test("a refusal computes the same hashes for every known and unknown login", async () => {
  const { argon2, computed } = countingArgon2();
  const hasher = createPasswordHasher({ ...QUICK, memoryKib: 16, lanes: 2 }, argon2);
  for (const [title, { inUse, computes }] of Object.entries(refusals)) {
    for (const stored of [...await Promise.all(inUse.map(hashOfCost)), undefined]) {
      for (const candidate of [passwordOf("battery staple"), undefined]) {
        computed.length = 0;
        assert.equal(await hasher.verify(stored, candidate, inUse), false, title);
        assert.deepEqual(computed.toSorted(), computes.toSorted(), title);
      }
    }
  }
});

Deno.test("the right password computes only its own hash", async () => {
  const { argon2, computed } = countingArgon2();
  const hasher = createPasswordHasher(QUICK, argon2);
  assert.equal(await hasher.verify(await hashOfCost(HIGH), passwordOf("correct horse"), [LOW, HIGH]), true);
  assert.deepEqual(computed, [HIGH]);
});

Deno.test("a stored hash that is not Argon2 is an error, not a wrong password", async () => {
  const hasher = createPasswordHasher(QUICK);
  for (const stored of ["", "secret", "$argon2id$v=19$m=8,t=1,p=1$", "$2b$10$N9qo8uLOickgx2ZMRZoMye"]) {
    await assert.rejects(hasher.verify(stored, passwordOf("correct horse"), []), /Decoding failed/);
    assert.throws(() => hasher.isOutdated(stored), /Decoding failed/);
  }
});

Deno.test("a hash made with other parameters is outdated, and still matches", async () => {
  const before = createPasswordHasher(QUICK);
  const stored = await before.hash(passwordOf("correct horse"));
  assert.equal(before.isOutdated(stored), false);
  for (const change of [{ memoryKib: 64 }, { passes: 2 }, { lanes: 2, memoryKib: 16 }]) {
    const after = createPasswordHasher({ ...QUICK, ...change });
    assert.equal(after.isOutdated(stored), true);
    assert.equal(await after.verify(stored, passwordOf("correct horse"), []), true);
  }
});

Deno.test("a hash of another Argon2 variant or version is outdated", async () => {
  const hasher = createPasswordHasher(QUICK);
  const stored = await hasher.hash(passwordOf("correct horse"));
  assert.equal(hasher.isOutdated(stored.replace("argon2id", "argon2i")), true);
  assert.equal(hasher.isOutdated(stored.replace("v=19", "v=16")), true);
});

Deno.test("parameters that Argon2 does not accept are refused when the hasher is created", () => {
  assert.throws(() => createPasswordHasher({ ...QUICK, memoryKib: 1 }));
});

Deno.test("when the queue is full, hashing and verifying are both refused until there is room", async () => {
  const hasher = createPasswordHasher({ ...QUICK, concurrency: 2, queue: 3 });
  const stored = await hasher.hash(passwordOf("correct horse"));
  const accepted = Array.from({ length: 5 }, () => hasher.hash(passwordOf("correct horse")));
  const refused = [
    hasher.hash(passwordOf("correct horse")),
    hasher.verify(stored, passwordOf("correct horse"), []),
    hasher.verify(undefined, undefined, []),
  ];
  for (const outcome of await Promise.allSettled(refused)) {
    assert.ok(outcome.status === "rejected" && outcome.reason instanceof ResourceExhausted);
    assert.equal(outcome.reason.reason, "PASSWORD_QUEUE_FULL");
    assert.equal(outcome.reason.retryAfterSeconds, 1);
  }
  await Promise.all(accepted);
  assert.equal(await hasher.verify(stored, passwordOf("correct horse"), []), true);
});

Deno.test("a failed verification frees its place in the queue", async () => {
  const hasher = createPasswordHasher({ ...QUICK, concurrency: 1, queue: 0 });
  await assert.rejects(hasher.verify("secret", passwordOf("correct horse"), []), /Decoding failed/);
  assert.equal(await hasher.verify(undefined, passwordOf("correct horse"), []), false);
});

Deno.test("the event loop runs while passwords are hashed", async () => {
  const hasher = createPasswordHasher({ ...OWASP, concurrency: 4 });
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  await Promise.all(Array.from({ length: 4 }, () => hasher.hash(passwordOf("correct horse"))));
  clearInterval(turning);
  // If they were hashed on the event loop, no timer could fire in between.
  assert.ok(turns > 0);
});

function passwordOf(text: string): Password {
  const candidate = normalizeCandidate(text);
  assert.ok(candidate !== undefined);
  return candidate;
}

/** Returns a hash of "correct horse" of the given cost. */
async function hashOfCost(cost: string): Promise<string> {
  const [memoryKib = 0, passes = 0, lanes = 0] = cost.match(/\d+/g)?.map(Number) ?? [];
  return await createPasswordHasher({ ...QUICK, memoryKib, passes, lanes }).hash(passwordOf("correct horse"));
}

/** Argon2 that records the cost of each hash it computes. */
function countingArgon2(): { readonly argon2: Argon2; readonly computed: string[] } {
  const computed: string[] = [];
  const record = ({ memoryCost, timeCost, parallelism }: Options) =>
    computed.push(`m=${memoryCost},t=${timeCost},p=${parallelism}`);
  const argon2: Argon2 = {
    hash: (password, options) => {
      record(options);
      return hash(password, options);
    },
    verify: (stored, password) => {
      record(parseOptions(stored));
      return verify(stored, password);
    },
  };
  return { argon2, computed };
}
