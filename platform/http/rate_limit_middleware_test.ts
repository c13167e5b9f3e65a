import assert from "node:assert/strict";
import { createLocalRateLimit, type RateLimit } from "../core/rate_limit.ts";
import { createTestApp } from "../testing/http_app.ts";

const USER = crypto.randomUUID();

function arrange(requestsPerSession: RateLimit) {
  const { app } = createTestApp({
    authorize: (_access, { sessionUuid = "" }) =>
      Promise.resolve({ kind: "session", session: { sessionUuid: sessionUuid as never, userUuid: USER } }),
    requestsPerSession,
  });
  app.get("/api/orders", (c) => c.text("orders"));
  return (session: string) => app.request("/api/orders", { headers: { "X-Session-Uuid": session } });
}

const POLICY = { name: "requests-per-session", requests: 2, windowMs: 60_000 };

Deno.test("every answer shows the limit and what is left of it", async () => {
  const ask = arrange(createLocalRateLimit(POLICY));
  const { headers, status } = await ask("a");
  assert.equal(status, 200);
  assert.equal(headers.get("RateLimit-Policy"), '"requests-per-session";q=2;w=60');
  assert.equal(headers.get("RateLimit"), '"requests-per-session";r=1;t=30');
});

Deno.test("a request over the limit is 429 with Retry-After, while other sessions are served", async () => {
  const ask = arrange(createLocalRateLimit(POLICY, () => 0));
  for (let count = 0; count < 2; count++) assert.equal((await ask("a")).status, 200);
  const refused = await ask("a");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("Retry-After"), "30");
  assert.equal(refused.headers.get("RateLimit"), '"requests-per-session";r=0;t=60');
  assert.deepEqual(await refused.json(), {
    code: 429,
    message: "too many requests: at most 2 in 60 s",
    reason: "RATE_LIMITED",
  });
  assert.equal((await ask("b")).status, 200);
});

Deno.test("a request passes if its limit can't be checked", async () => {
  const ask = arrange({ take: () => Promise.resolve(undefined), giveBack: () => Promise.resolve() });
  const { status, headers } = await ask("a");
  assert.deepEqual([status, headers.get("RateLimit")], [200, null]);
});
