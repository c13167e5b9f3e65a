import { readErrorDetails } from "@rocket/platform/grpc";
import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf, errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { Redis } from "ioredis";
import assert from "node:assert/strict";
import { logIn, type Person, registerAndLogIn } from "../support/person.ts";
import { fetchIam } from "../support/iam_client.ts";
import { startSystem } from "../support/system.ts";

Deno.test("a user's own sessions", async (t) => {
  await using system = await startSystem({
    services: ["iam"],
    env: { SESSIONS_PER_USER: "5" },
  });
  const { auth, sessions } = system;
  const stateOf = (sessionUuid: string) => statusOf(auth.whoami({ sessionUuid }));
  const list = async (sessionUuid: string) =>
    (await answerOf(sessions.listSessions({}, inSession(sessionUuid)))).sessions;
  const logInAgain = ({ login, password }: Person) => logIn(system, login, password);

  await t.step("7.5.2: a user sees all of them, the newest first, and which one asks", async () => {
    const person = await registerAndLogIn(system);
    await registerAndLogIn(system);
    const newer = await logInAgain(person);
    const seen = await list(person.sessionUuid);
    assert.deepEqual(seen.map(({ current }) => current), [false, true]);
    const { session } = await answerOf(auth.whoami({ sessionUuid: newer }));
    assert.deepEqual(seen[0]?.createdAt, session?.createdAt);
    assert.deepEqual(seen[0]?.expiresAt, session?.expiresAt);
    assert.equal(seen[0]?.address, "127.0.0.1");
    assert.match(seen[0]?.userAgent ?? "", /^grpc-node-js/);
    const text = JSON.stringify(seen);
    for (const secret of [person.sessionUuid, newer]) assert.ok(!text.includes(secret));
  });

  await t.step("7.5.2: ending another session takes the password", async () => {
    const person = await registerAndLogIn(system);
    const other = await logInAgain(person);
    const handle = (await list(other)).find(({ current }) => current)?.handle ?? "";
    const revoke = (password: string) =>
      sessions.revokeSession({ handle, password }, inSession(person.sessionUuid));
    const wrong = await errorOf(revoke("wrong"));
    assert.equal(readErrorDetails(wrong.metadata).info?.reason, "PASSWORD_INCORRECT");
    assert.equal(await stateOf(other), "OK");
    await answerOf(revoke(person.password));
    assert.equal(await stateOf(other), "UNAUTHENTICATED");
    assert.equal(await statusOf(revoke(person.password)), "NOT_FOUND");
    assert.equal((await list(person.sessionUuid)).length, 1);
  });

  await t.step("a session ends itself without the password", async () => {
    const { sessionUuid } = await registerAndLogIn(system);
    const [own] = await list(sessionUuid);
    await answerOf(
      sessions.revokeSession({ handle: own?.handle ?? "", password: "" }, inSession(sessionUuid)),
    );
    assert.equal(await stateOf(sessionUuid), "UNAUTHENTICATED");
  });

  await t.step("no session ends another user's, as if it did not exist", async () => {
    const [person, victim] = [await registerAndLogIn(system), await registerAndLogIn(system)];
    const [theirs] = await list(victim.sessionUuid);
    const revocation = sessions.revokeSession(
      { handle: theirs?.handle ?? "", password: person.password },
      inSession(person.sessionUuid),
    );
    assert.equal(await statusOf(revocation), "NOT_FOUND");
    assert.equal(await stateOf(victim.sessionUuid), "OK");
  });

  await t.step("7.1.2: past SESSIONS_PER_USER the oldest session gives way", async () => {
    const person = await registerAndLogIn(system);
    const newer: string[] = [];
    for (let n = 0; n < 5; n++) newer.push(await logInAgain(person));
    assert.equal(await stateOf(person.sessionUuid), "UNAUTHENTICATED");
    for (const sessionUuid of newer) assert.equal(await stateOf(sessionUuid), "OK");
    assert.equal((await list(newer[0] ?? "")).length, 5);
    const audited = new RegExp(`"event":"logged_out","user_uuid":"${person.userUuid}".*gave way to a login`);
    await system.process("iam").linesUntil(audited);
  });

  await t.step("7.1.2: simultaneous logins leave no more sessions than SESSIONS_PER_USER", async () => {
    const person = await registerAndLogIn(system);
    const opened = await Promise.all(Array.from({ length: 20 }, () => logInAgain(person)));
    const states = await Promise.all([person.sessionUuid, ...opened].map(stateOf));
    assert.equal(states.filter((state) => state === "OK").length, 5);
  });

  await t.step("7.2.4: a login through either door ends the session that it brings along", async () => {
    const { login, password, sessionUuid } = await registerAndLogIn(system);
    const { sessionUuid: second } = await answerOf(auth.login({ login, password }, inSession(sessionUuid)));
    assert.equal(await stateOf(sessionUuid), "UNAUTHENTICATED");
    const answer = await fetchIam(system, "/login", { sessionUuid: second, body: { login, password } });
    assert.equal(answer.status, 200);
    await answer.body?.cancel();
    assert.equal(await stateOf(second), "UNAUTHENTICATED");
  });

  await t.step("last seen is noted in the record, and its end stays", async () => {
    const { sessionUuid } = await registerAndLogIn(system);
    const [before] = await list(sessionUuid);
    const redis = new Redis(system.backing.redisUrl);
    try {
      const key = `iam:session:${before?.handle}`;
      const record = JSON.parse(await redis.get(key) ?? "{}");
      const end = await redis.pexpiretime(key);
      await redis.set(key, JSON.stringify({ ...record, seen: record.seen - 3_600_000 }), "KEEPTTL");
      assert.equal(await stateOf(sessionUuid), "OK");
      await eventually(async () => {
        const [seen] = await list(sessionUuid);
        assert.ok((seen?.lastSeenAt?.getTime() ?? 0) >= (before?.lastSeenAt?.getTime() ?? Infinity));
      });
      assert.equal(await redis.pexpiretime(key), end);
    } finally {
      redis.disconnect();
    }
  });
});

Deno.test("7.1.2: after SESSION_TTL was shortened, a login past SESSIONS_PER_USER still ends the oldest session", async () => {
  await using system = await startSystem({
    services: ["iam"],
    env: { SESSIONS_PER_USER: "2" },
  });
  const { login, password, sessionUuid } = await registerAndLogIn(system);
  const newer = await logIn(system, login, password);
  await system.stop("iam");
  await system.start("iam", { SESSION_TTL: "1h" });
  const newest = await logIn(system, login, password);
  const states = await Promise.all(
    [sessionUuid, newer, newest].map((each) => statusOf(system.auth.whoami({ sessionUuid: each }))),
  );
  assert.deepEqual(states, ["UNAUTHENTICATED", "OK", "OK"]);
});

Deno.test("7.3.1: with SESSION_IDLE_TTL each use extends a session in the one command, and it is gone unless used", async () => {
  await using system = await startSystem({ services: ["iam"], env: { SESSION_IDLE_TTL: "1h" } });
  const { sessionUuid } = await registerAndLogIn(system);
  const redis = new Redis(system.backing.redisUrl);
  try {
    const [key = ""] = await redis.keys("iam:session:*");
    const hour = 3_600_000;
    const first = await redis.pttl(key);
    assert.ok(first > 0 && first <= hour, `${first}`);
    await redis.pexpire(key, 60_000);
    assert.equal(await statusOf(system.auth.whoami({ sessionUuid })), "OK");
    const extended = await redis.pttl(key);
    assert.ok(extended > 60_000 && extended <= hour, `${extended}`);
    await redis.pexpire(key, 0);
    assert.equal(await statusOf(system.auth.whoami({ sessionUuid })), "UNAUTHENTICATED");
    assert.deepEqual(await redis.keys("iam:session:*"), []);
  } finally {
    redis.disconnect();
  }
});

Deno.test("ending all other sessions against logins at the same time", async (t) => {
  await using system = await startSystem({
    services: ["iam"],
    env: { SESSIONS_PER_USER: "200" },
  });
  const { auth, sessions } = system;
  const person = await registerAndLogIn(system);
  const { login, password, sessionUuid } = person;
  await logIn(system, login, password);

  await t.step("leaves exactly those that were opened after it, and the list agrees", async () => {
    const logins = Array.from(
      { length: 50 },
      () => answerOf(auth.login({ login, password })).catch(() => undefined),
    );
    await answerOf(sessions.revokeOtherSessions({ password }, inSession(sessionUuid)));
    const later = await logIn(system, login, password);
    const opened = (await Promise.all(logins)).flatMap((answer) => answer?.sessionUuid ?? []);
    const live = new Set<string>();
    for (const each of [sessionUuid, later, ...opened]) {
      if (await statusOf(auth.whoami({ sessionUuid: each })) === "OK") live.add(each);
    }
    assert.ok(live.has(sessionUuid) && live.has(later));
    const { sessions: listed } = await answerOf(sessions.listSessions({}, inSession(sessionUuid)));
    assert.equal(listed.length, live.size);
  });

  await t.step(
    "keeps no session that was opened before it",
    async () => {
      const before = await logIn(system, login, password);
      await answerOf(sessions.revokeOtherSessions({ password }, inSession(sessionUuid)));
      assert.equal(await statusOf(auth.whoami({ sessionUuid: before })), "UNAUTHENTICATED");
      const { sessions: listed } = await answerOf(sessions.listSessions({}, inSession(sessionUuid)));
      assert.deepEqual(listed.map(({ current }) => current), [true]);
    },
  );
});

Deno.test("7.4.1: once a logout is answered, no check that begins after it finds the session", async () => {
  await using system = await startSystem({ services: ["iam"] });
  const { auth } = system;
  const { sessionUuid } = await registerAndLogIn(system);
  let isAnswered = false;
  const late: string[] = [];
  let checks = 0;
  const checking = Array.from({ length: 100 }, async () => {
    for (let isAfter = false; !isAfter;) {
      isAfter = isAnswered;
      const status = await statusOf(auth.whoami({ sessionUuid }));
      checks++;
      if (isAfter) late.push(status);
    }
  });
  await eventually(() => assert.ok(checks >= 100));
  await answerOf(auth.logout({ sessionUuid }));
  isAnswered = true;
  await Promise.all(checking);
  assert.deepEqual(new Set(late), new Set(["UNAUTHENTICATED"]));
  await answerOf(auth.logout({ sessionUuid }));
});

function inSession(sessionUuid: string) {
  return { "session-uuid": sessionUuid };
}
