import { denoFlags } from "@rocket/platform/config";
import { OPERATOR_VARIABLES } from "@rocket/iam/config";
import { statusOf } from "@rocket/platform/testing/raw-client";
import assert from "node:assert/strict";
import { connectToIam, kindOf, publishedEvents } from "../support/iam_database.ts";
import { logIn, registerAndLogIn } from "../support/person.ts";
import { startProcess } from "../support/process.ts";
import { startSystem } from "../support/system.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("an operator's commands", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  const { auth } = system;
  const env = Object.fromEntries(
    ["IAM_POSTGRES_URL", "IAM_REDIS_URL"].map((name) => [name, system.variable(name)]),
  );
  const flags = denoFlags(OPERATOR_VARIABLES, (name) => env[name]);
  const stateOf = (sessionUuid: string) => statusOf(auth.whoami({ sessionUuid }));

  /** Runs a command to its end, answering what it asks. */
  async function operate(words: string, answer?: string) {
    await using command = startProcess(
      Deno.execPath(),
      ["run", "--quiet", ...flags, "iam/operate.ts", ...words.split(" ")],
      { cwd: ROOT, env },
    );
    if (answer !== undefined) await command.writeLine(answer);
    await command.endInput();
    const { code } = await command.waitForExit();
    return { code, stdout: command.stdout.join("\n"), output: command.output.join("\n") };
  }

  await t.step(
    "7.4.2: a disabled account's sessions end at once, and it can't log in until it is enabled",
    async () => {
      const { login, password, sessionUuid } = await registerAndLogIn(system);
      const attempt = () => statusOf(auth.login({ login, password }));
      assert.equal((await operate(`accounts disable ${login}`)).code, 0);
      assert.equal(await stateOf(sessionUuid), "UNAUTHENTICATED");
      assert.equal(await attempt(), "UNAUTHENTICATED");
      const shown = await operate(`accounts show ${login.toUpperCase()}`);
      assert.match(shown.stdout, /^verified +no\nregistered +\d{4}-/m);
      assert.match(shown.stdout, /^disabled +\d{4}-/m);
      assert.match(shown.stdout, /^sessions +0$/m);
      assert.equal((await operate(`accounts enable ${login}`)).code, 0);
      assert.equal(await attempt(), "OK");
      assert.match((await operate(`accounts show ${login}`)).stdout, /^disabled +no\nsessions +1$/m);
    },
  );

  await t.step("7.4.2: an account is not disabled unless its sessions are sure to end", async () => {
    const { login, password, sessionUuid } = await registerAndLogIn(system);
    await using database = connectToIam(system);
    await database.sql`alter table account_changes rename to account_changes_aside`;
    assert.notEqual((await operate(`accounts disable ${login}`)).code, 0);
    await database.sql`alter table account_changes_aside rename to account_changes`;
    assert.equal(await stateOf(sessionUuid), "OK");
    assert.equal(await statusOf(auth.login({ login, password })), "OK");
  });

  await t.step(
    "7.4.2: an account that is disabled while Redis is down can't log in, and its sessions are noted",
    async () => {
      const { login, password, userUuid } = await registerAndLogIn(system);
      await using database = connectToIam(system);
      await system.backing.redis.pause();
      try {
        const { code, output } = await operate(`accounts disable ${login}`);
        assert.equal(code, 1);
        assert.match(output, /account disabled/);
      } finally {
        await system.backing.redis.resume();
      }
      assert.equal(await statusOf(auth.login({ login, password })), "UNAUTHENTICATED");
      const noted = await database.sql`
        select ends_sessions from account_changes where user_uuid = ${userUuid}`;
      assert.deepEqual([...noted], [{ ends_sessions: true }]);
    },
  );

  await t.step("7.4.5: one user's sessions end, and no other user's", async () => {
    const [person, other] = [await registerAndLogIn(system), await registerAndLogIn(system)];
    assert.equal((await operate(`sessions revoke --user ${person.login}`)).code, 0);
    assert.equal(await stateOf(person.sessionUuid), "UNAUTHENTICATED");
    assert.equal(await stateOf(other.sessionUuid), "OK");
    assert.equal(await stateOf(await logIn(system, person.login, person.password)), "OK");
  });

  await t.step("7.4.5: all sessions end only once the operator has said yes", async () => {
    const { sessionUuid } = await registerAndLogIn(system);
    for (const answer of ["no", undefined]) {
      const { code, stdout } = await operate("sessions revoke --all", answer);
      assert.equal(code, 0);
      assert.match(stdout, /Nothing was done/);
    }
    assert.equal(await stateOf(sessionUuid), "OK");
    assert.equal((await operate("sessions revoke --all", "yes")).code, 0);
    assert.equal(await stateOf(sessionUuid), "UNAUTHENTICATED");
  });

  await t.step("what an operator does is published", async () => {
    const { login, userUuid } = await registerAndLogIn(system);
    await operate(`accounts disable ${login}`);
    await operate(`accounts enable ${login}`);
    await operate(`sessions revoke --user ${login}`);
    await using database = connectToIam(system);
    const published = (await publishedEvents(database.sql, userUuid)).filter(({ detail }) =>
      detail === "by an operator"
    );
    assert.deepEqual(published.map(kindOf), ["DISABLED", "ENABLED", "SESSIONS_REVOKED"]);
  });

  await t.step("a mistake is explained, and changes nothing", async () => {
    for (
      const [words, message] of [
        ["accounts disable nobody-here", /no such user/],
        ["accounts disable ?", /LOGIN must be 3 to 64 characters/],
        ["accounts forget ripley", /Usage:/],
        ["sessions revoke", /Usage:/],
      ] as const
    ) {
      const { code, output } = await operate(words);
      assert.equal(code, 1, words);
      assert.match(output, message);
      assert.doesNotMatch(output, / at .*\.ts:/);
    }
  });
});
