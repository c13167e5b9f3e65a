import { eventually } from "@rocket/platform/testing/eventually";
import { createRawClient, statusOf } from "@rocket/platform/testing/raw-client";
import { freePort } from "@rocket/platform/free-port";
import { UserService } from "@rocket/proto/iam";
import assert from "node:assert/strict";
import { connectToIam, kindOf, publishedEvents } from "../../support/iam_database.ts";
import { type Answer, iamDoors } from "../../support/iam_doors.ts";
import { issueToken } from "../../support/mailed_token.ts";
import { logIn, newPerson, registerAndLogIn } from "../../support/person.ts";
import { assertSameCost } from "../../support/same_cost.ts";
import { startSystem } from "../../support/system.ts";

const NEW_PASSWORD = "five stars in a row";

Deno.test("forgotten passwords", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  await using database = connectToIam(system);
  const { sql } = database;
  const { auth } = system;
  const doors = Object.entries(iamDoors(system));
  const { gRPC: door } = iamDoors(system);
  const stateOf = (sessionUuid: string) => statusOf(auth.whoami({ sessionUuid }));
  const newToken = (userUuid: string) => issueToken(system, userUuid, "resetPassword");

  /** The kinds of a user's events that this is about. */
  const eventsOf = async (userUuid: string) =>
    (await publishedEvents(sql, userUuid)).map(kindOf).filter((kind) => kind.startsWith("PASSWORD"));

  /** Waits until every request has been looked up. */
  const untilTakenUp = () =>
    eventually(async () => {
      const [row] = await sql`select count(*)::int as waiting from password_reset_requests`;
      assert.equal(row?.waiting, 0);
    });

  for (const [protocol, door] of doors) {
    await t.step(
      `6.4.3: over ${protocol}, a mailed token sets another password, once, and ends all sessions`,
      async () => {
        const { login, email, password, userUuid, sessionUuid } = await registerAndLogIn(system);
        assert.deepEqual(await door.requestPasswordReset(email.toUpperCase()), { status: 200 });
        await eventually(async () =>
          assert.deepEqual(await eventsOf(userUuid), ["PASSWORD_RESET_REQUESTED"])
        );
        const token = await newToken(userUuid);
        assert.deepEqual(await door.resetPassword(token, NEW_PASSWORD), { status: 200 });
        assert.equal(await stateOf(sessionUuid), "UNAUTHENTICATED");
        assert.equal(await statusOf(auth.login({ login, password })), "UNAUTHENTICATED");
        const opened = await logIn(system, login, NEW_PASSWORD);
        assertTokenInvalid(await door.resetPassword(token, password));
        assert.equal(await stateOf(opened), "OK");
        assert.deepEqual(await eventsOf(userUuid), ["PASSWORD_RESET_REQUESTED", "PASSWORD_CHANGED"]);
      },
    );

    await t.step(
      `6.3.8: over ${protocol}, no answer to a request tells whether an account has the address`,
      async () => {
        const [known, disabled] = [await registerAndLogIn(system), await registerAndLogIn(system)];
        await sql`update users set disabled_at = now() where uuid = ${disabled.userUuid}`;
        const { email: unknown } = newPerson();
        const answers = await Promise.all(
          [known.email, unknown, disabled.email].map((email) => door.requestPasswordReset(email)),
        );
        for (const answer of answers) assert.deepEqual(answer, { status: 200 });
        await untilTakenUp();
        assert.deepEqual(await eventsOf(known.userUuid), ["PASSWORD_RESET_REQUESTED"]);
        assert.deepEqual(await eventsOf(disabled.userUuid), []);
      },
    );
  }

  await t.step("6.3.8: nor does the time that the answer takes", async () => {
    const [known, disabled] = [await registerAndLogIn(system), await registerAndLogIn(system)];
    await sql`update users set disabled_at = now() where uuid = ${disabled.userUuid}`;
    await assertSameCost({
      "a known address": () => door.requestPasswordReset(known.email),
      "an unknown address": () => door.requestPasswordReset("nobody-here@example.com"),
      "that of a disabled account": () => door.requestPasswordReset(disabled.email),
    });
  });

  await t.step("6.5.1: of simultaneous resets with one token one succeeds", async () => {
    const { login, userUuid } = await registerAndLogIn(system);
    const token = await newToken(userUuid);
    const passwords = Array.from({ length: 8 }, (_, n) => `${NEW_PASSWORD} ${n}`);
    const answers = await Promise.all(passwords.map((password) => door.resetPassword(token, password)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, JSON.stringify(answers));
    for (const answer of answers) if (answer.status !== 200) assertTokenInvalid(answer);
    const isOpen = await Promise.all(
      passwords.map(async (password) => await statusOf(auth.login({ login, password })) === "OK"),
    );
    assert.deepEqual(isOpen, answers.map(({ status }) => status === 200));
  });

  await t.step(
    "7.4.3: of logins under way with the forgotten password, none opens a session that lasts",
    async () => {
      const { login, password, userUuid } = await registerAndLogIn(system);
      const token = await newToken(userUuid);
      const logins = Array.from({ length: 30 }, () => auth.login({ login, password }));
      const [reset, ...opened] = await Promise.all([door.resetPassword(token, NEW_PASSWORD), ...logins]);
      assert.deepEqual(reset, { status: 200 });
      for (const { response } of opened) {
        if (response !== undefined) assert.equal(await stateOf(response.sessionUuid), "UNAUTHENTICATED");
      }
    },
  );

  await t.step("a token that has expired, or that a later one replaced, sets no password", async () => {
    const { userUuid } = await registerAndLogIn(system);
    const [replaced, last] = [await newToken(userUuid), await newToken(userUuid)];
    assertTokenInvalid(await door.resetPassword(replaced, NEW_PASSWORD));
    const [row] = await sql`
      select expires_at - now() between interval '29 minutes' and interval '30 minutes' as is_right
      from account_tokens where user_uuid = ${userUuid}`;
    assert.equal(row?.is_right, true);
    await sql`update account_tokens set expires_at = now() where user_uuid = ${userUuid}`;
    assertTokenInvalid(await door.resetPassword(last, NEW_PASSWORD));
  });

  const spoils: Readonly<
    Record<string, (person: Awaited<ReturnType<typeof registerAndLogIn>>) => Promise<unknown>>
  > = {
    "the password is changed": ({ sessionUuid, password }) =>
      door.changePassword(sessionUuid, password, NEW_PASSWORD),
    "the e-mail address is changed": ({ sessionUuid, email, password }) =>
      door.changeEmail(sessionUuid, `new-${email}`, password),
    "the user ends the other sessions": ({ sessionUuid, password }) => door.endOthers(sessionUuid, password),
    "the account is deleted": ({ sessionUuid, password }) => door.deleteAccount(sessionUuid, password),
    "the account is disabled": ({ userUuid }) =>
      sql`update users set disabled_at = now() where uuid = ${userUuid}`,
  };
  for (const [change, make] of Object.entries(spoils)) {
    await t.step(`a token sets no password any more once ${change}`, async () => {
      const person = await registerAndLogIn(system);
      const token = await newToken(person.userUuid);
      await make(person);
      assertTokenInvalid(await door.resetPassword(token, "six stars in a row"));
    });
  }

  await t.step("a token outlives a new password that breaks the rules, and verifies no e-mail", async () => {
    const { login, userUuid } = await registerAndLogIn(system);
    const token = await newToken(userUuid);
    assertTokenInvalid(await door.verifyEmail(token));
    const refused = await door.resetPassword(token, `${login}-1`);
    assert.equal(refused.reason, "INVALID_ARGUMENT");
    assert.deepEqual(refused.fields, ["new_password"]);
    assert.deepEqual(await door.resetPassword(token, NEW_PASSWORD), { status: 200 });
  });

  await t.step("a disabled or unknown account gets no token", async () => {
    const { userUuid } = await registerAndLogIn(system);
    await sql`update users set disabled_at = now() where uuid = ${userUuid}`;
    for (const uuid of [userUuid, crypto.randomUUID()]) {
      await assert.rejects(newToken(uuid), /no such user/);
    }
  });

  await t.step("no token is in the database or in the log", async () => {
    const { userUuid } = await registerAndLogIn(system);
    const tokens = [await newToken(userUuid), await newToken(userUuid)];
    await door.resetPassword(tokens[1] ?? "", "short");
    await door.resetPassword(tokens[1] ?? "", NEW_PASSWORD);
    const rows = await sql`
      select account_tokens::text as text from account_tokens
      union all select encode(payload, 'escape') || outbox::text from outbox`;
    assert.notEqual(rows.length, 0);
    await system.stop("iam");
    const written = `${rows.map(({ text }) => text).join()}${system.process("iam").output.join()}`;
    for (const token of tokens) assert.ok(!written.includes(token));
    await system.start("iam");
  });

  await t.step("expired tokens are deleted, and no others", async () => {
    const [late, live] = [await registerAndLogIn(system), await registerAndLogIn(system)];
    await newToken(late.userUuid);
    await newToken(live.userUuid);
    await sql`update account_tokens set expires_at = now() where user_uuid = ${late.userUuid}`;
    await using _replica = system.launchReplica("iam");
    await eventually(async () => {
      const rows = await sql`select user_uuid from account_tokens where user_uuid in ${
        sql([late.userUuid, live.userUuid])
      }`;
      assert.deepEqual(rows.map(({ user_uuid }) => user_uuid), [live.userUuid]);
    });
  });
});

Deno.test("requests that IAM was killed with are taken up by another replica, once each", async () => {
  await using system = await startSystem({ services: ["iam"] });
  await using database = connectToIam(system);
  const { sql } = database;
  const people = await Promise.all(Array.from({ length: 5 }, () => registerAndLogIn(system)));
  // Without it, none can be published before the kill.
  await sql`alter table outbox rename to outbox_aside`;
  for (const { email } of people) {
    assert.equal(await statusOf(system.user.requestPasswordReset({ email })), "OK");
  }
  system.process("iam").kill("SIGKILL");
  await system.process("iam").waitForExit();
  await sql`alter table outbox_aside rename to outbox`;
  await using _one = system.launchReplica("iam");
  await using _other = system.launchReplica("iam");
  for (const { userUuid } of people) {
    await eventually(async () => {
      const kinds = (await publishedEvents(sql, userUuid)).map(kindOf);
      assert.equal(kinds.filter((kind) => kind === "PASSWORD_RESET_REQUESTED").length, 1);
    });
  }
});

Deno.test("mails and tokens are limited, by address and by account, across replicas", async (t) => {
  const env = {
    THROTTLE_MAILS_PER_ACCOUNT: "3/24h",
    THROTTLE_MAILS_PER_ADDRESS: "10/24h",
    THROTTLE_LOGIN_PER_ADDRESS: "4/24h",
    TRUSTED_PROXIES: "127.0.0.0/8",
  };
  await using system = await startSystem({ services: ["iam"], env });
  const ports = { IAM_GRPC_PORT: `${freePort()}`, IAM_HTTP_PORT: `${freePort()}` };
  await using replica = system.launch("iam", ports);
  await replica.waitForLine(/"msg":"ready"/, 60_000);
  await using other = createRawClient(UserService, `127.0.0.1:${ports.IAM_GRPC_PORT}`);
  const clients = [system.user, other];
  const from = (address: string) => ({ "x-forwarded-for": address });

  for (const who of ["a known", "an unknown"]) {
    await t.step(`3 mails to ${who} address, from anywhere, in any letter case`, async () => {
      const { email } = who === "a known" ? await registerAndLogIn(system) : newPerson();
      const statuses: string[] = [];
      for (let n = 0; n < 4; n++) {
        const sent = { email: n % 2 === 0 ? email : email.toUpperCase() };
        const client = clients[n % 2] ?? other;
        statuses.push(await statusOf(client.requestPasswordReset(sent, from(`203.0.113.${n}`))));
      }
      assert.deepEqual(statuses, ["OK", "OK", "OK", "RESOURCE_EXHAUSTED"]);
    });
  }

  await t.step("10 mails from an address, to whomever", async () => {
    const statuses: string[] = [];
    for (let n = 0; n < 11; n++) {
      const { email } = newPerson();
      const client = clients[n % 2] ?? other;
      statuses.push(await statusOf(client.requestPasswordReset({ email }, from("198.51.100.7"))));
    }
    assert.deepEqual(statuses, [...Array<string>(10).fill("OK"), "RESOURCE_EXHAUSTED"]);
  });

  await t.step("3 verifications of a user", async () => {
    const { sessionUuid } = await registerAndLogIn(system);
    const statuses: string[] = [];
    for (let n = 0; n < 4; n++) {
      const metadata = { "session-uuid": sessionUuid, ...from("198.51.100.8") };
      const client = clients[n % 2] ?? other;
      statuses.push(await statusOf(client.requestEmailVerification({}, metadata)));
    }
    assert.deepEqual(statuses, ["OK", "OK", "OK", "RESOURCE_EXHAUSTED"]);
  });

  await t.step("6.5.1: 4 wrong tokens from an address; a right one uses none of them up", async () => {
    const { userUuid } = await registerAndLogIn(system);
    const reset = async (token: string, n: number) =>
      await statusOf(
        (clients[n % 2] ?? other).resetPassword({ token, newPassword: NEW_PASSWORD }, from("198.51.100.9")),
      );
    for (let n = 0; n < 6; n++) {
      assert.equal(await reset(await issueToken(system, userUuid, "resetPassword"), n), "OK");
    }
    for (let n = 0; n < 4; n++) assert.equal(await reset("a guess", n), "PERMISSION_DENIED");
    const token = await issueToken(system, userUuid, "resetPassword");
    assert.equal(await reset(token, 0), "RESOURCE_EXHAUSTED");
    const verify = system.user.verifyEmail({ token: "a guess" }, from("198.51.100.9"));
    assert.equal(await statusOf(verify), "RESOURCE_EXHAUSTED");
  });
});

function assertTokenInvalid({ status, reason }: Answer): void {
  assert.deepEqual({ status, reason }, { status: 403, reason: "TOKEN_INVALID" });
}
