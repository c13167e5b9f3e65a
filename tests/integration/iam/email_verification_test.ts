import { answerOf } from "@rocket/platform/testing/raw-client";
import assert from "node:assert/strict";
import { connectToIam, kindOf, publishedEvents } from "../../support/iam_database.ts";
import { iamDoors } from "../../support/iam_doors.ts";
import { issueToken } from "../../support/mailed_token.ts";
import { logIn, registerAndLogIn } from "../../support/person.ts";
import { startSystem } from "../../support/system.ts";

Deno.test("verified e-mail addresses", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  await using database = connectToIam(system);
  const { sql } = database;
  const { gRPC, HTTP } = iamDoors(system);
  const newToken = (userUuid: string) => issueToken(system, userUuid, "verifyEmail");

  /** When the address was verified, by the account and by each of its sessions, which must agree. */
  async function verifiedAt(userUuid: string, ...sessions: readonly string[]): Promise<Date | undefined> {
    const [first = ""] = sessions;
    const { user } = await answerOf(system.user.getUser({ userUuid }, { "session-uuid": first }));
    for (const sessionUuid of sessions) {
      const whoami = await answerOf(system.auth.whoami({ sessionUuid }));
      assert.deepEqual(whoami.user, user);
    }
    return user?.emailVerifiedAt;
  }

  for (const [protocol, door] of Object.entries({ gRPC, HTTP })) {
    await t.step(
      `6.5.1: over ${protocol}, a mailed token verifies the address, once, and every session shows it`,
      async () => {
        const { login, password, userUuid, sessionUuid } = await registerAndLogIn(system);
        const other = await logIn(system, login, password);
        assert.equal(await verifiedAt(userUuid, sessionUuid, other), undefined);
        assert.deepEqual(await door.requestEmailVerification(sessionUuid), { status: 200 });
        const token = await newToken(userUuid);
        assert.deepEqual(await door.verifyEmail(token), { status: 200 });
        const at = await verifiedAt(userUuid, sessionUuid, other, await logIn(system, login, password));
        assert.ok(at);
        assert.equal((await door.verifyEmail(token)).reason, "TOKEN_INVALID");
        const events = (await publishedEvents(sql, userUuid)).map(kindOf);
        assert.deepEqual(events.filter((kind) => kind.startsWith("EMAIL")), [
          "EMAIL_VERIFICATION_REQUESTED",
          "EMAIL_VERIFIED",
        ]);
      },
    );
  }

  await t.step("no mail is requested for an address that is verified", async () => {
    const { userUuid, sessionUuid } = await registerAndLogIn(system);
    await gRPC.verifyEmail(await newToken(userUuid));
    assert.deepEqual(await gRPC.requestEmailVerification(sessionUuid), { status: 200 });
    const events = (await publishedEvents(sql, userUuid)).map(kindOf);
    assert.ok(!events.includes("EMAIL_VERIFICATION_REQUESTED"));
  });

  await t.step("another address is not verified, nor by a token for the one before", async () => {
    const { email, password, userUuid, sessionUuid } = await registerAndLogIn(system);
    await gRPC.verifyEmail(await newToken(userUuid));
    const token = await newToken(userUuid);
    await gRPC.changeEmail(sessionUuid, `new-${email}`, password);
    assert.equal(await verifiedAt(userUuid, sessionUuid), undefined);
    assert.equal((await gRPC.verifyEmail(token)).reason, "TOKEN_INVALID");
    assert.equal(await verifiedAt(userUuid, sessionUuid), undefined);
  });

  await t.step("an address in another letter case, or another profile, stays verified", async () => {
    const { email, password, userUuid, sessionUuid } = await registerAndLogIn(system);
    await gRPC.verifyEmail(await newToken(userUuid));
    const at = await verifiedAt(userUuid, sessionUuid);
    assert.ok(at);
    await gRPC.changeEmail(sessionUuid, email.toUpperCase(), password);
    assert.deepEqual(await verifiedAt(userUuid, sessionUuid), at);
    const update = {
      notificationMethods: [{ providerName: "telegram", target: "@ripley" }],
      password,
      email,
    };
    await answerOf(system.user.updateProfile(update, { "session-uuid": sessionUuid }));
    assert.deepEqual(await verifiedAt(userUuid, sessionUuid), at);
  });

  await t.step("the token that verifies ends no session, and resets no password", async () => {
    const { userUuid, sessionUuid } = await registerAndLogIn(system);
    const token = await newToken(userUuid);
    assert.equal((await gRPC.resetPassword(token, "five stars in a row")).reason, "TOKEN_INVALID");
    await gRPC.verifyEmail(token);
    assert.ok(await verifiedAt(userUuid, sessionUuid));
  });
});
