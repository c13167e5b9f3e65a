import assert from "node:assert/strict";
import { iamApi } from "@rocket/proto/iam";
import { answerOf } from "@rocket/platform/testing/raw-client";
import { fetchIam, logInOverHttp } from "../../support/iam_client.ts";
import { newPerson, registerAndLogIn } from "../../support/person.ts";
import { startSystem } from "../../support/system.ts";

Deno.test("IAM's HTTP and gRPC doors share accounts and sessions", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  const { login, email, password } = newPerson();
  const notification_methods = [{ provider_name: "telegram", target: "@pilot" }];

  const registered = await fetchIam(system, "/register", {
    body: { login, email, password, notification_methods },
  });
  const { user_uuid } = await registered.json();
  const before = Date.now();
  const { session_uuid, expires_at } = await logInOverHttp(system, { login, password });
  const after = Date.now();

  await t.step("registering returns the user's UUID", () => {
    assert.equal(registered.status, 201);
    assert.match(user_uuid, /^[0-9a-f-]{36}$/);
  });

  await t.step("logging in says when the session expires", () => {
    const DAY_MS = 24 * 60 * 60 * 1_000;
    const expiry = Date.parse(expires_at);
    assert.ok(before + DAY_MS <= expiry && expiry <= after + DAY_MS, expires_at);
  });

  await t.step("a session that was opened over HTTP is known over gRPC", async () => {
    const { session, user } = await answerOf(system.auth.whoami({ sessionUuid: session_uuid }));
    assert.equal(user?.uuid, user_uuid);
    assert.deepEqual(user?.info?.notificationMethods, [{ providerName: "telegram", target: "@pilot" }]);
    assert.equal(session?.expiresAt?.toISOString(), expires_at);
  });

  await t.step("whoami returns the session and its user, never the identifier", async () => {
    const response = await fetchIam(system, "/whoami", { sessionUuid: session_uuid });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    const text = await response.text();
    assert.doesNotMatch(text, new RegExp(session_uuid));
    const { session, user } = iamApi.WhoamiResponse.parse(JSON.parse(text));
    assert.equal(session.expires_at, expires_at);
    const { created_at: _, updated_at: _changed, ...account } = user;
    assert.deepEqual(account, { user_uuid, login, email, notification_methods, email_verified_at: null });
  });

  await t.step("a notification target that is not well-formed Unicode is refused, not a fault", async () => {
    const notification_methods = [{ provider_name: "push", target: "a\ud800" }];
    const answers = await Promise.all([
      fetchIam(system, "/register", { body: { ...newPerson(), notification_methods } }),
      fetchIam(system, "/profile", {
        method: "PATCH",
        sessionUuid: session_uuid,
        body: { password, notification_methods },
      }),
    ]);
    for (const answer of answers) {
      assert.equal(answer.status, 400);
      const [{ field }] = (await answer.json()).details;
      assert.equal(field, "notification_methods[0].target");
    }
  });

  await t.step("a session that was opened over gRPC is known over HTTP, in any letter case", async () => {
    const person = await registerAndLogIn(system);
    const sessionUuid = person.sessionUuid.toUpperCase();
    const { user } = await (await fetchIam(system, "/whoami", { sessionUuid })).json();
    assert.equal(user.user_uuid, person.userUuid);
  });
});
