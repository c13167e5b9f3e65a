import assert from "node:assert/strict";
import { readErrorDetails } from "@rocket/platform/grpc";
import { answerOf, errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { logIn, newPerson, register, registerAndLogIn } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

Deno.test("accounts at IAM", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  const { auth, user } = system;

  await t.step("a registered user logs in, and Whoami and GetUser return their account", async () => {
    const method = { providerName: "telegram", target: "@ripley" };
    const info = { login: "Ripley", email: "Ripley@example.com", notificationMethods: [method] };
    const password = "in space no one can hear";
    const { userUuid } = await answerOf(user.register({ info: { info, password } }));
    const sessionUuid = await logIn(system, "Ripley", password);

    const whoami = await answerOf(auth.whoami({ sessionUuid }));
    const { user: found } = await answerOf(user.getUser({ userUuid }, inSession(sessionUuid)));
    assert.equal(whoami.session?.uuid, sessionUuid);
    assert.equal(whoami.user?.uuid, userUuid);
    assert.deepEqual(whoami.user?.info, info);
    assert.deepEqual(found, whoami.user);
  });

  await t.step("no response about a user contains the password or its hash", async () => {
    const { userUuid, sessionUuid, password } = await registerAndLogIn(system);
    const answers = JSON.stringify([
      await answerOf(user.getUser({ userUuid }, inSession(sessionUuid))),
      await answerOf(auth.whoami({ sessionUuid })),
    ]);
    assert.doesNotMatch(answers, /argon2|hash|password/i);
    assert.ok(!answers.includes(password));
  });

  await t.step("a login is found in any letter case", async () => {
    const { login, password } = await registerAndLogIn(system, { login: "Dallas" });
    assert.match(await logIn(system, login.toUpperCase(), password), /^[0-9a-f-]{36}$/);
  });

  await t.step("an invalid registration is answered with every violated field at once", async () => {
    const methods = [{ providerName: "pigeon", target: "" }, { providerName: "push", target: "a\u0000b" }];
    const info = { info: { login: "x", email: "nobody", notificationMethods: methods }, password: "short" };
    const error = await errorOf(user.register({ info }));
    const fields = readErrorDetails(error.metadata).violations.map(({ field }) => field);
    assert.deepEqual(fields, [
      "info.info.login",
      "info.info.email",
      "info.password",
      "info.info.notification_methods[0].provider_name",
      "info.info.notification_methods[0].target",
      "info.info.notification_methods[1].target",
    ]);
    for (const field of fields) assert.ok(error.details.includes(field), `the message names ${field}`);
  });

  await t.step("an empty registration is INVALID_ARGUMENT, not INTERNAL", async () => {
    assert.equal(await statusOf(user.register({ info: undefined })), "INVALID_ARGUMENT");
  });

  await t.step("more than ten notification methods are refused", async () => {
    const methods = Array.from({ length: 11 }, () => ({ providerName: "push", target: "device" }));
    const info = { info: { ...newPerson(), notificationMethods: methods }, password: "four stars in a row" };
    const error = await errorOf(user.register({ info }));
    assert.match(error.details, /^info\.info\.notification_methods: must be 10 at most$/);
  });

  await t.step("a common password is refused, and the error says why", async () => {
    const error = await errorOf(register(system, { password: "password1" }));
    assert.match(error.details, /^info\.password: .*common/);
  });

  for (const field of ["login", "email"] as const) {
    await t.step(`a taken ${field} is ALREADY_EXISTS in any letter case`, async () => {
      const first = newPerson();
      await register(system, first);
      const error = await errorOf(register(system, { ...newPerson(), [field]: first[field].toUpperCase() }));
      assert.equal(error.code, 6);
      assert.equal(readErrorDetails(error.metadata).info?.reason, `${field.toUpperCase()}_TAKEN`);
    });
  }

  await t.step(
    "of twenty simultaneous registrations of one login one succeeds, and the others get ALREADY_EXISTS",
    async () => {
      const { login } = newPerson();
      const attempts = Array.from(
        { length: 20 },
        (_, n) => statusOf(register(system, { login, email: `n${n}-${login}@example.com` })),
      );
      const statuses = await Promise.all(attempts);
      assert.deepEqual(statuses.toSorted(), [...Array<string>(19).fill("ALREADY_EXISTS"), "OK"]);
    },
  );

  await t.step("GetUser returns a session only its own user, and a service any user", async () => {
    const [own, other] = [await registerAndLogIn(system), await registerAndLogIn(system)];
    const service = { "service-token": system.variable("SERVICE_TOKEN") };
    const ask = (userUuid: string, metadata: Readonly<Record<string, string>>) =>
      statusOf(user.getUser({ userUuid }, metadata));
    assert.equal(await ask(own.userUuid, inSession(own.sessionUuid)), "OK");
    assert.equal(await ask(own.userUuid.toUpperCase(), inSession(own.sessionUuid)), "OK");
    assert.equal(await ask(other.userUuid, inSession(own.sessionUuid)), "NOT_FOUND");
    assert.equal(await ask(other.userUuid, service), "OK");
    assert.equal(await ask(other.userUuid, {}), "UNAUTHENTICATED");
    assert.equal(await ask(crypto.randomUUID(), service), "NOT_FOUND");
    assert.equal(await ask("not-a-uuid", service), "INVALID_ARGUMENT");
    assert.equal(await ask("", inSession(own.sessionUuid)), "INVALID_ARGUMENT");
  });

  await t.step("Whoami answers unknown, malformed and empty identifiers in the same way", async () => {
    for (const sessionUuid of [crypto.randomUUID(), "not-a-uuid", "", "\u0000"]) {
      const error = await errorOf(auth.whoami({ sessionUuid }));
      assert.equal(error.code, 16);
      assert.equal(error.details, "a valid session is required");
    }
  });
});

function inSession(sessionUuid: string) {
  return { "session-uuid": sessionUuid };
}
