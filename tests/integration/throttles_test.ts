import { readErrorDetails } from "@rocket/platform/grpc";
import { createRawClient, errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { freePort } from "@rocket/platform/free-port";
import { AuthService } from "@rocket/proto/iam";
import assert from "node:assert/strict";
import { fetchIam } from "../support/iam_client.ts";
import { registerAndLogIn } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

Deno.test("throttled logins", async (t) => {
  const env = { THROTTLE_LOGIN_PER_ACCOUNT_AND_ADDRESS: "10/15m", TRUSTED_PROXIES: "127.0.0.0/8" };
  await using system = await startSystem({ services: ["iam"], env });
  const { auth } = system;

  await t.step("6.3.1: the limits hold across replicas and doors, and touch no live session", async () => {
    const person = await registerAndLogIn(system);
    const ports = { IAM_GRPC_PORT: `${freePort()}`, IAM_HTTP_PORT: `${freePort()}` };
    await using replica = system.launch("iam", ports);
    await replica.waitForLine(/"msg":"ready"/, 60_000);
    await using other = createRawClient(AuthService, `127.0.0.1:${ports.IAM_GRPC_PORT}`);
    const guess = { login: person.login, password: "a guess" };
    const statuses: string[] = [];
    for (let n = 0; n < 10; n++) {
      statuses.push(await statusOf((n % 2 === 0 ? auth : other).login(guess)));
    }
    assert.deepEqual(new Set(statuses), new Set(["UNAUTHENTICATED"]));

    for (const client of [auth, other]) {
      const refused = await errorOf(client.login({ login: person.login, password: person.password }));
      const { info, retryAfterSeconds } = readErrorDetails(refused.metadata);
      assert.equal(info?.reason, "RATE_LIMITED");
      assert.ok((retryAfterSeconds ?? 0) >= 1 && (retryAfterSeconds ?? 0) <= 90);
    }
    const overHttp = await fetchIam(system, "/login", {
      body: { login: person.login, password: person.password },
    });
    await overHttp.body?.cancel();
    assert.equal(overHttp.status, 429);
    assert.ok(Number(overHttp.headers.get("Retry-After")) >= 1);
    assert.equal(await statusOf(auth.whoami({ sessionUuid: person.sessionUuid })), "OK");
  });

  await t.step("7.5.2: guesses with a stolen session count like those at a login", async () => {
    const { login, password, sessionUuid } = await registerAndLogIn(system);
    const revoke = (password: string) =>
      statusOf(system.sessions.revokeOtherSessions({ password }, { "session-uuid": sessionUuid }));
    for (let n = 0; n < 10; n++) assert.equal(await revoke("a guess"), "PERMISSION_DENIED");
    assert.equal(await revoke(password), "RESOURCE_EXHAUSTED");
    assert.equal(await statusOf(auth.login({ login, password })), "RESOURCE_EXHAUSTED");
  });

  await t.step(
    "6.1.1: the owner logs in from another address, and a flood on one account slows no other",
    async () => {
      const [person, other] = [await registerAndLogIn(system), await registerAndLogIn(system)];
      const logIn = (login: string, password: string, address: string) =>
        statusOf(auth.login({ login, password }, { "x-forwarded-for": address }));
      for (let n = 0; n < 11; n++) await logIn(person.login, "a guess", "203.0.113.9");
      assert.equal(await logIn(person.login, person.password, "203.0.113.9"), "RESOURCE_EXHAUSTED");
      assert.equal(await logIn(person.login, person.password, "198.51.100.7"), "OK");
      assert.equal(await logIn(other.login, other.password, "203.0.113.9"), "OK");
    },
  );
});

Deno.test("logins go on, with a warning, while the throttles' Redis is down, and with THROTTLES=off", async () => {
  const env = { IAM_THROTTLE_REDIS_URL: "redis://127.0.0.1:1" };
  await using system = await startSystem({ services: ["iam"], env });
  const { login, password } = await registerAndLogIn(system);
  assert.equal(await statusOf(system.auth.login({ login, password })), "OK");
  await system.process("iam").waitForLine(/"rate limit not checked"/);
  await system.stop("iam");
  await system.start("iam", { THROTTLES: "off", THROTTLE_LOGIN_PER_ACCOUNT_AND_ADDRESS: "1/24h" });
  for (let n = 0; n < 3; n++) {
    assert.equal(await statusOf(system.auth.login({ login, password: "a guess" })), "UNAUTHENTICATED");
  }
  await system.stop("iam");
  assert.match(system.process("iam").output.join(), /THROTTLES=off/);
});
