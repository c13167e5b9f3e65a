import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { createLogger } from "@rocket/platform/log";
import { createRedis, createSharedRateLimit } from "@rocket/platform/redis";
import { eventually } from "@rocket/platform/testing/eventually";

const POLICY = { name: "requests", requests: 20, windowMs: 60_000 };

Deno.test("a limit that replicas share", async (t) => {
  await using backing = await startBacking({ databases: [], stores: ["redis"], env: Deno.env.toObject() });
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = createLogger({ service: "test", level: "info", format: "json" }, stream);
  await using first = createRedis(backing.redisUrl, log);
  await using second = createRedis(backing.redisUrl, log);
  const replicas = [first, second].map((redis) => createSharedRateLimit(POLICY, { redis, prefix: "t", log }));
  const take = (n: number, subject: string) => replicas[n % 2]?.take(subject);

  await t.step("allows as many requests as one replica would", async () => {
    const verdicts = await Promise.all(Array.from({ length: 60 }, (_, n) => take(n, "ripley")));
    assert.equal(verdicts.filter((verdict) => verdict?.isAllowed).length, POLICY.requests);
    const refused = await take(0, "ripley");
    assert.equal(refused?.remaining, 0);
    assert.ok(refused.retryAfterMs > 0 && refused.retryAfterMs <= 3_000, `${refused.retryAfterMs} ms`);
    assert.equal((await take(1, "ash"))?.isAllowed, true);
  });

  await t.step("stores only a digest of the subject, and for no longer than the window", async () => {
    const keys = await first.run((client) => client.keys("t:*"));
    assert.equal(keys.length, 2);
    assert.ok(!keys.join().includes("ripley"));
    for (const key of keys) {
      const ms = await first.run((client) => client.pttl(key));
      assert.ok(ms > 0 && ms <= POLICY.windowMs, `${ms} ms`);
    }
  });

  await t.step("lets requests pass while Redis is down or does not answer, and logs it", async () => {
    await backing.redis.pause();
    assert.equal(await take(0, "ripley"), undefined);
    await backing.redis.resume();
    await backing.redis.stop();
    await eventually(async () => assert.equal(await take(1, "ripley"), undefined));
    await backing.redis.start();
    await eventually(async () => assert.notEqual(await take(1, "ripley"), undefined));
    const logged = lines.filter(({ limit }) => limit === "requests").map((
      { msg, unchecked },
    ) => [msg, unchecked]);
    assert.ok(logged.some(([msg]) => msg === "rate limit not checked"));
    assert.ok(
      logged.some(([msg, unchecked]) => msg === "rate limit checked again" && Number(unchecked) >= 1),
    );
  });
});
