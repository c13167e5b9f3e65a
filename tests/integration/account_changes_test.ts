import { readErrorDetails } from "@rocket/platform/grpc";
import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf, errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { Redis } from "ioredis";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { connectToIam } from "../support/iam_database.ts";
import { logIn, type Person, register, registerAndLogIn } from "../support/person.ts";
import { startSystem, type System } from "../support/system.ts";

const NEW_PASSWORD = "five stars in a row";

Deno.test("changes of an account", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  const { auth, user } = system;
  const stateOf = (sessionUuid: string) => statusOf(auth.whoami({ sessionUuid }));
  const changePassword = ({ password, sessionUuid }: Person, newPassword = NEW_PASSWORD) =>
    user.changePassword({ oldPassword: password, newPassword }, inSession(sessionUuid));

  await t.step(
    "7.4.3: a changed password ends all other sessions, and only the new password logs in",
    async () => {
      const person = await registerAndLogIn(system);
      const others = [
        await logIn(system, person.login, person.password),
        await logIn(system, person.login, person.password),
      ];
      await answerOf(changePassword(person));
      assert.equal(await stateOf(person.sessionUuid), "OK");
      for (const other of others) assert.equal(await stateOf(other), "UNAUTHENTICATED");
      assert.equal(
        await statusOf(auth.login({ login: person.login, password: person.password })),
        "UNAUTHENTICATED",
      );
      assert.equal(await stateOf(await logIn(system, person.login, NEW_PASSWORD)), "OK");
    },
  );

  await t.step(
    "7.4.3: of logins under way with the old password, none opens a session that lasts",
    async () => {
      const person = await registerAndLogIn(system);
      const logins = Array.from({ length: 30 }, () => logIn(system, person.login, person.password));
      const [changed, ...opened] = await Promise.allSettled([answerOf(changePassword(person)), ...logins]);
      assert.equal(changed?.status, "fulfilled");
      for (const login of opened) {
        if (login.status === "fulfilled") {
          assert.equal(
            await stateOf(login.value as string),
            "UNAUTHENTICATED",
          );
        }
      }
      assert.equal(await stateOf(person.sessionUuid), "OK");
    },
  );

  await t.step(
    "6.2.3: changing the password takes the old one, and a new one that follows the rules",
    async () => {
      const person = await registerAndLogIn(system);
      const wrong = await errorOf(changePassword({ ...person, password: "five stars in a row" }));
      assert.equal(readErrorDetails(wrong.metadata).info?.reason, "PASSWORD_INCORRECT");
      const weak = await errorOf(changePassword(person, "password1"));
      assert.match(weak.details, /^new_password: .*common/);
      assert.equal(
        await statusOf(user.changePassword({ oldPassword: person.password, newPassword: NEW_PASSWORD }, {})),
        "UNAUTHENTICATED",
      );
      assert.equal(await stateOf(person.sessionUuid), "OK");
      await logIn(system, person.login, person.password);
    },
  );

  await t.step("of simultaneous changes of one password one succeeds", async () => {
    const person = await registerAndLogIn(system);
    const statuses = await Promise.all(
      Array.from({ length: 8 }, (_, n) => statusOf(changePassword(person, `${NEW_PASSWORD} ${n}`))),
    );
    assert.equal(statuses.filter((status) => status === "OK").length, 1, statuses.join(", "));
    for (const status of statuses) assert.ok(["OK", "ABORTED", "PERMISSION_DENIED"].includes(status), status);
  });

  await t.step(
    "7.5.1: a new profile takes the password, and every live session shows it at once",
    async () => {
      const person = await registerAndLogIn(system);
      const other = await logIn(system, person.login, person.password);
      const profile = {
        email: `new-${person.email}`,
        notificationMethods: [{ providerName: "telegram", target: "@ripley" }],
      };
      const update = (password: string) =>
        user.updateProfile({ ...profile, password }, inSession(person.sessionUuid));
      assert.equal(await statusOf(update("wrong")), "PERMISSION_DENIED");
      await answerOf(update(person.password));
      for (const sessionUuid of [person.sessionUuid, other]) {
        const whoami = await answerOf(auth.whoami({ sessionUuid }));
        assert.deepEqual(whoami.user?.info, { login: person.login, ...profile });
        const { user: found } = await answerOf(
          user.getUser({ userUuid: person.userUuid }, inSession(sessionUuid)),
        );
        assert.deepEqual(whoami.user, found);
      }
    },
  );

  await t.step("a session that is opened during an update shows the new profile too", async () => {
    const person = await registerAndLogIn(system);
    const logins = Array.from({ length: 30 }, () => logIn(system, person.login, person.password));
    const email = `new-${person.email}`;
    const update = { email, notificationMethods: [], password: person.password };
    const [updated, ...opened] = await Promise.allSettled([
      answerOf(user.updateProfile(update, inSession(person.sessionUuid))),
      ...logins,
    ]);
    assert.equal(updated?.status, "fulfilled");
    for (const login of opened) {
      if (login.status === "rejected") continue;
      const whoami = await answerOf(auth.whoami({ sessionUuid: login.value as string }));
      assert.equal(whoami.user?.info?.email, email);
    }
  });

  await t.step("a profile that breaks the rules, or takes another's address, changes nothing", async () => {
    const [person, other] = [await registerAndLogIn(system), await registerAndLogIn(system)];
    const update = (email: string, notificationMethods: { providerName: string; target: string }[] = []) =>
      user.updateProfile(
        { email, notificationMethods, password: person.password },
        inSession(person.sessionUuid),
      );
    const broken = await errorOf(update("nobody", [{ providerName: "pigeon", target: "" }]));
    assert.deepEqual(readErrorDetails(broken.metadata).violations.map(({ field }) => field), [
      "email",
      "notification_methods[0].provider_name",
      "notification_methods[0].target",
    ]);
    const taken = await errorOf(update(other.email.toUpperCase()));
    assert.equal(readErrorDetails(taken.metadata).info?.reason, "EMAIL_TAKEN");
    const whoami = await answerOf(auth.whoami({ sessionUuid: person.sessionUuid }));
    assert.equal(whoami.user?.info?.email, person.email);
  });

  await t.step(
    "a deleted account is gone with its sessions and known addresses, and its login and e-mail are free again",
    async () => {
      const person = await registerAndLogIn(system);
      const other = await logIn(system, person.login, person.password);
      await using store = connectToRedis(system);
      const { redis } = store;
      const digest = createHash("sha256").update(person.login.toLowerCase()).digest("base64url");
      const countKnown = () => redis.zcard(`iam:throttle:known-addresses:${digest}`);
      assert.equal(await countKnown(), 1);
      const deletion = (password: string) => user.deleteAccount({ password }, inSession(person.sessionUuid));
      assert.equal(await statusOf(deletion("wrong")), "PERMISSION_DENIED");
      await answerOf(deletion(person.password));
      for (const sessionUuid of [person.sessionUuid, other]) {
        assert.equal(await stateOf(sessionUuid), "UNAUTHENTICATED");
      }
      const asService = { "service-token": system.variable("SERVICE_TOKEN") };
      assert.equal(await statusOf(user.getUser({ userUuid: person.userUuid }, asService)), "NOT_FOUND");
      assert.equal(
        await statusOf(auth.login({ login: person.login, password: person.password })),
        "UNAUTHENTICATED",
      );
      assert.equal(await countKnown(), 0);
      assert.notEqual(await register(system, person), person.userUuid);
    },
  );

  await t.step(
    "what a crash left of a change is finished later, and ends no session that was opened since",
    async () => {
      const person = await registerAndLogIn(system);
      await using database = connectToIam(system);
      const { sql } = database;
      const { userUuid } = person;
      await sql`update users set session_generation = session_generation + 1 where uuid = ${userUuid}`;
      const later = await logIn(system, person.login, person.password);
      // Raises the generation of every session's record.
      const profile = { email: person.email, notificationMethods: [], password: person.password };
      await answerOf(user.updateProfile(profile, inSession(later)));
      assert.equal(await stateOf(person.sessionUuid), "OK");
      await sql`insert into account_changes (user_uuid, generation, ends_sessions, retry_at)
                values (${userUuid}, 1, true, now())`;
      await eventually(async () => {
        assert.deepEqual([...await sql`select 1 from account_changes where user_uuid = ${userUuid}`], []);
      });
      assert.equal(await stateOf(person.sessionUuid), "UNAUTHENTICATED");
      assert.equal(await stateOf(later), "OK");
    },
  );

  await t.step("changes that can't be finished keep no later one waiting", async () => {
    const person = await registerAndLogIn(system);
    await using database = connectToIam(system);
    const { sql } = database;
    const broken = crypto.randomUUID();
    await using store = connectToRedis(system);
    await store.redis.set(`iam:{${broken}}:sessions`, "not a sorted set");
    await sql`insert into account_changes (user_uuid, generation, ends_sessions, retry_at)
                select ${broken}, n, true, now() - interval '1 minute' from generate_series(1, 600) as n`;
    await sql`insert into account_changes (user_uuid, generation, ends_sessions, retry_at)
                values (${person.userUuid}, 1, true, now())`;
    await eventually(async () => assert.equal(await stateOf(person.sessionUuid), "UNAUTHENTICATED"));
    const [row] = await sql`
        select count(*)::int as waiting from account_changes where user_uuid = ${broken}`;
    assert.equal(row?.waiting, 600);
  });
});

function inSession(sessionUuid: string) {
  return { "session-uuid": sessionUuid };
}

function connectToRedis({ backing }: System): AsyncDisposable & { readonly redis: Redis } {
  const redis = new Redis(backing.redisUrl);
  return { redis, [Symbol.asyncDispose]: () => Promise.resolve(redis.disconnect()) };
}
