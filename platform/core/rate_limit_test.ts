import assert from "node:assert/strict";
import fc from "fast-check";
import { createLocalRateLimit, RateExceeded } from "./rate_limit.ts";

const POLICY = { name: "orders-per-user", requests: 3, windowMs: 60_000 };

/** Creates a limit whose clock the test advances. */
function arrange(policy = POLICY) {
  let now = 0;
  const limit = createLocalRateLimit(policy, () => now);
  return {
    take: (subject: string) => limit.take(subject),
    giveBack: (subject: string) => limit.giveBack(subject),
    advance: (ms: number) => void (now += ms),
  };
}

Deno.test("a subject may use its whole limit at once, and then gets one request per share of the window", async () => {
  const { take, advance } = arrange();
  for (const remaining of [2, 1, 0]) {
    const verdict = await take("ripley");
    assert.deepEqual([verdict?.isAllowed, verdict?.remaining], [true, remaining]);
  }
  const refused = await take("ripley");
  assert.deepEqual([refused?.isAllowed, refused?.remaining, refused?.retryAfterMs], [false, 0, 20_000]);
  advance(19_999);
  assert.equal((await take("ripley"))?.isAllowed, false);
  advance(1);
  assert.equal((await take("ripley"))?.isAllowed, true);
  assert.equal((await take("ripley"))?.isAllowed, false);
});

Deno.test("refused requests do not make a subject wait longer", async () => {
  const { take, advance } = arrange();
  for (let count = 0; count < 1_000; count++) await take("ripley");
  advance(20_000);
  assert.equal((await take("ripley"))?.isAllowed, true);
});

Deno.test("a request that is given back does not count", async () => {
  const { take, giveBack } = arrange();
  for (let count = 0; count < 10; count++) {
    assert.equal((await take("ripley"))?.isAllowed, true);
    await giveBack("ripley");
  }
  assert.equal((await take("ripley"))?.remaining, 2);
});

Deno.test("one subject's requests do not count against another", async () => {
  const { take } = arrange();
  for (let count = 0; count < 4; count++) await take("ripley");
  assert.equal((await take("ash"))?.isAllowed, true);
});

Deno.test("after a whole window without requests, the whole limit is available again", async () => {
  const { take, advance } = arrange();
  for (let count = 0; count < 3; count++) await take("ripley");
  advance(60_000);
  assert.equal((await take("ripley"))?.remaining, 2);
});

Deno.test("a refusal says how long to wait, rounded up to whole seconds", async () => {
  const { take, advance } = arrange();
  for (let count = 0; count < 3; count++) await take("ripley");
  advance(18_500);
  const verdict = await take("ripley") ?? assert.fail("not checked");
  const failure = new RateExceeded(verdict);
  assert.equal(failure.retryAfterSeconds, 2);
  assert.equal(failure.message, "too many requests: at most 3 in 60 s");
});

Deno.test("no sequence of requests gets more than twice the limit in a window", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(30_000), { maxLength: 60 }), async (pauses) => {
    const { take, advance } = arrange();
    const allowedAt: number[] = [];
    let now = 0;
    for (const pause of pauses) {
      advance(pause);
      now += pause;
      if ((await take("ripley"))?.isAllowed) allowedAt.push(now);
    }
    for (const start of allowedAt) {
      const inWindow = allowedAt.filter((at) => at >= start && at < start + POLICY.windowMs);
      assert.ok(inWindow.length <= 2 * POLICY.requests);
    }
  }));
});
