import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf, statusOf } from "@rocket/platform/testing/raw-client";
import { AccountEventKind } from "@rocket/proto/events";
import assert from "node:assert/strict";
import { connectToIam, kindOf, publishedEvents } from "../../support/iam_database.ts";
import { logIn, registerAndLogIn } from "../../support/person.ts";
import { startSystem } from "../../support/system.ts";

const NEW_PASSWORD = "five stars in a row";

Deno.test("events of accounts for other services", async (t) => {
  await using system = await startSystem({
    services: ["iam"],
    env: { THROTTLE_LOGIN_PER_ACCOUNT_AND_ADDRESS: "3/24h" },
  });
  await using database = connectToIam(system);
  const { auth, user, sessions } = system;
  const { sql } = database;

  /** Waits until a user has as many events. */
  const eventsOf = (userUuid: string, count: number) =>
    eventually(async () => {
      const events = await publishedEvents(sql, userUuid);
      assert.equal(events.length, count, events.map(kindOf).join(", "));
      return events;
    });

  await t.step("the life of an account is published as it is logged, without a secret", async () => {
    const { login, email, password, userUuid, sessionUuid } = await registerAndLogIn(system);
    const inSession = { "session-uuid": sessionUuid };
    assert.equal(await statusOf(auth.login({ login, password: "a guess" })), "UNAUTHENTICATED");
    const profile = { email: `new-${email}`, notificationMethods: [] };
    assert.equal(
      await statusOf(user.updateProfile({ ...profile, password: "a guess" }, inSession)),
      "PERMISSION_DENIED",
    );
    await answerOf(user.updateProfile({ ...profile, password }, inSession));
    await answerOf(user.changePassword({ oldPassword: password, newPassword: NEW_PASSWORD }, inSession));
    const other = await logIn(system, login, NEW_PASSWORD);
    await answerOf(auth.logout({ sessionUuid: other }));
    await answerOf(sessions.revokeOtherSessions({ password: NEW_PASSWORD }, inSession));
    await answerOf(user.deleteAccount({ password: NEW_PASSWORD }, inSession));
    await system.stop("iam");

    const { stdout } = system.process("iam");
    const events = await publishedEvents(sql, userUuid);
    assert.deepEqual(events.map(kindOf).toSorted(), [
      "DELETED",
      "LOGGED_OUT",
      "LOGIN_REFUSED",
      "LOGIN_SUCCEEDED",
      "LOGIN_SUCCEEDED",
      "PASSWORD_CHANGED",
      "PASSWORD_REFUSED",
      "PROFILE_CHANGED",
      "REGISTERED",
      "SESSIONS_REVOKED",
    ]);
    const lines = stdout
      .map((line) => JSON.parse(line))
      .filter((line) => line.audit && line.user_uuid === userUuid);
    assert.equal(lines.length, events.length);
    for (const { kind, detail, address } of events) {
      const at = lines.findIndex((line) =>
        line.event.replace(/^account_/, "").toUpperCase() === kindOf({ kind }) &&
        detail === [line.session && `session ${line.session}`, line.detail].filter(Boolean).join(", ") &&
        line.address === address
      );
      assert.notEqual(at, -1, `${AccountEventKind[kind]} is not logged`);
      lines.splice(at, 1);
    }
    const [row] = await sql<{ text: string }[]>`
      select string_agg(encode(payload, 'escape') || coalesce(request_id, ''), '') as text from outbox`;
    assert.ok(row);
    for (const secret of [password, NEW_PASSWORD, "a guess", sessionUuid, other]) {
      assert.ok(!row.text.includes(secret));
    }
    await system.start("iam");
  });

  await t.step(
    "a change and its event are one: if the event can't be written, nothing is changed",
    async () => {
      const { login, password, sessionUuid } = await registerAndLogIn(system);
      await sql`alter table outbox rename to outbox_aside`;
      const change = user.changePassword(
        { oldPassword: password, newPassword: NEW_PASSWORD },
        { "session-uuid": sessionUuid },
      );
      assert.equal(await statusOf(change), "INTERNAL");
      await sql`alter table outbox_aside rename to outbox`;
      assert.equal(await statusOf(auth.login({ login, password })), "OK");
    },
  );

  await t.step(
    "an account that is guessed at has one event of its limit, an unknown login none",
    async () => {
      const { login, userUuid } = await registerAndLogIn(system);
      for (const [guessed, statuses] of [[login, new Set()], ["nobody-here", new Set()]] as const) {
        for (let n = 0; n < 8; n++) {
          statuses.add(await statusOf(auth.login({ login: guessed, password: "a guess" })));
        }
        assert.deepEqual(statuses, new Set(["UNAUTHENTICATED", "RESOURCE_EXHAUSTED"]));
      }
      const events = await eventsOf(userUuid, 4);
      assert.deepEqual(events.map(kindOf), ["REGISTERED", "LOGIN_SUCCEEDED", "LOGIN_REFUSED", "THROTTLED"]);
      assert.equal(events[3]?.detail, "logins-per-account-and-address");
    },
  );

  await t.step("what waits is published when IAM stops", async () => {
    const { login, password, userUuid } = await registerAndLogIn(system);
    for (let n = 0; n < 5; n++) await logIn(system, login, password);
    await system.stop("iam");
    assert.equal((await publishedEvents(sql, userUuid)).length, 7);
    await system.start("iam");
  });

  await t.step("old events are deleted, by several replicas at once, and no others", async () => {
    await sql`update outbox set created_at = now() - interval '6 days'`;
    const [{ kept = 0 } = {}] = await sql<{ kept: number }[]>`select count(*)::int as kept from outbox`;
    await sql`
      insert into outbox (event_uuid, topic, key, event_type, payload, created_at)
      select gen_random_uuid(), 'iam.account', gen_random_uuid(), 'events.v1.AccountEvent', '',
        now() - interval '8 days'
      from generate_series(1, 5000)`;
    await using _one = system.launchReplica("iam");
    await using _other = system.launchReplica("iam");
    await eventually(async () => {
      const [row] = await sql`select count(*)::int as left from outbox`;
      assert.equal(row?.left, kept);
    });
  });
});
