import { Unavailable } from "@rocket/platform/core";
import assert from "node:assert/strict";
import { KeyReused, RequestUnderWay } from "../model/failures.ts";
import type { Claim, KeptAnswer } from "../model/idempotency.ts";
import type { KeyInUse } from "../repository/idempotency_keys.ts";
import { silentLog } from "../testing/an_order.ts";
import { createAnswerOnce } from "./answer_once.ts";

const key = { userUuid: crypto.randomUUID(), operation: "payOrder", key: "k-1" } as const;
const claim: Claim = { ...key, claim: crypto.randomUUID(), isRepeat: false };
const body = new TextEncoder().encode("{}");
const orderUuid = crypto.randomUUID();

Deno.test("an unused key is claimed", async () => {
  assert.equal(await setUp().once.claim(key, { body }), claim);
});

Deno.test("a key that has an answer returns it", async () => {
  const answer = { status: 200, body: "[]" };
  const { once } = setUp({ found: { kind: "answered", answer } });
  assert.equal(await once.claim(key, { body }), answer);
});

Deno.test("a key of another request is KeyReused, and one of a request in progress is RequestUnderWay", async () => {
  await assert.rejects(setUp({ found: { kind: "of another request" } }).once.claim(key, { body }), KeyReused);
  await assert.rejects(setUp({ found: { kind: "under way" } }).once.claim(key, { body }), RequestUnderWay);
});

Deno.test("a different body or order is a different request, and the same ones are the same request", async () => {
  const { once, claimed } = setUp();
  const other = new TextEncoder().encode("[]");
  for (
    const facts of [{ body }, { body: other }, { body, orderUuid }, { body, orderUuid: crypto.randomUUID() }]
  ) {
    await once.claim(key, facts);
    await once.claim(key, facts);
  }
  const digests = claimed.map((digest) => digest.toHex());
  assert.equal(new Set(digests).size, 4);
  for (let n = 0; n < digests.length; n += 2) assert.equal(digests[n], digests[n + 1]);
});

const ENDS = [
  ["kept", [200, 201, 204, 400, 403, 404, 409, 422]],
  ["free", [401, 408, 429, 500, 503, 504]],
] as const;

for (const [end, statuses] of ENDS) {
  for (const status of statuses) {
    Deno.test(`with an answer of ${status} a key is ${end}`, async () => {
      const { once, ended } = setUp();
      await once.end(claim, { status, body: "" });
      assert.deepEqual(ended, [`${end} ${claim.claim}`]);
    });
  }
}

Deno.test("an answer that was stored before is the one returned", async () => {
  const keptBefore = { status: 200, body: "paid" };
  const { once } = setUp({ keptBefore });
  assert.equal(await once.end(claim, { status: 409, body: "is PAID" }), keptBefore);
});

Deno.test("a claim that can't be ended does not change the answer: it expires", async () => {
  const { once } = setUp({ end: () => Promise.reject(new Unavailable("postgres")) });
  const answer = { status: 201, body: "" };
  assert.equal(await once.end(claim, answer), answer);
});

function setUp({ found = claim, keptBefore, end = () => Promise.resolve() }: {
  found?: Claim | KeyInUse;
  keptBefore?: KeptAnswer;
  end?: () => Promise<void>;
} = {}) {
  const claimed: Uint8Array[] = [];
  const ended: string[] = [];
  const once = createAnswerOnce({
    keys: {
      claim(_key, digest) {
        claimed.push(digest);
        return Promise.resolve(found);
      },
      async keep(of: Claim, answer: KeptAnswer) {
        ended.push(`kept ${of.claim}`);
        await end();
        return keptBefore ?? answer;
      },
      free(of) {
        ended.push(`free ${of.claim}`);
        return end();
      },
    },
    leaseMs: 1_000,
    log: silentLog,
  });
  return { once, claimed, ended };
}
