import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { startProcess } from "./process.ts";
import { createUsedSecrets, SecretLeaked, usedSecrets } from "./used_secrets.ts";

const PASSWORD = 'four "stars" in a röw';
const SESSION = "c0a80101-7f0b-4c1d-9a55-0b6e3f8d2c11";

const LEAKS: Readonly<Record<string, string>> = {
  "a password": `login refused: ${PASSWORD}`,
  "a password in JSON": JSON.stringify({ msg: "login refused", password: PASSWORD }),
  "a password in a URL": `GET /login?password=${encodeURIComponent(PASSWORD)}&login=ripley`,
  "a password in base64": `Basic ${Buffer.from(PASSWORD).toString("base64")}`,
  "a session identifier": `{"session":"${SESSION}","msg":"session opened"}`,
  "a session identifier in upper case": `session ${SESSION.toUpperCase()} opened`,
};

for (const [what, line] of Object.entries(LEAKS)) {
  Deno.test(`${what} is found in a line`, () => {
    const secrets = createUsedSecrets();
    secrets.note(PASSWORD);
    secrets.note(SESSION);
    assert.throws(() => secrets.refuseIn(["ready", line], "iam"), (error) => {
      assert.ok(error instanceof SecretLeaked);
      assert.ok(error.message.startsWith("iam holds ") && error.message.endsWith(line), error.message);
      return true;
    });
  });
}

Deno.test("lines without a secret pass, also those with a part of one", () => {
  const secrets = createUsedSecrets();
  secrets.note(PASSWORD);
  secrets.note(SESSION);
  secrets.refuseIn(
    ["", "ready", PASSWORD.slice(0, -1), SESSION.slice(1), `${SESSION.slice(0, 13)} 9a55`],
    "iam",
  );
});

Deno.test("each of thousands of secrets is found, also where they begin alike", () => {
  const secrets = createUsedSecrets();
  const guesses = Array.from({ length: 5_000 }, (_, n) => `a wrong password, number ${n}`);
  for (const guess of guesses) secrets.note(guess);
  for (const guess of guesses) {
    assert.throws(() => secrets.refuseIn([`refused ${guess}!`], "iam"), SecretLeaked);
  }
});

Deno.test("passwords and session identifiers are noted by the names of their fields", () => {
  const secrets = createUsedSecrets();
  const userUuid = crypto.randomUUID();
  const info = { info: { login: "ripley-of-the-nostromo" }, password: "mother knows best" };
  secrets.noteRequest({ info, sessionUuid: userUuid });
  secrets.noteRequest({ old_password: "the old password", newPassword: "the new password" });
  secrets.noteAnswer({ session_uuid: SESSION, user: { uuid: userUuid } });
  secrets.noteAnswer({ sessionUuid: "d1b80101-7f0b-4c1d-9a55-0b6e3f8d2c11" });
  secrets.noteAnswer(undefined);
  secrets.refuseIn(["ripley-of-the-nostromo", userUuid], "iam");
  for (
    const leak of [
      "mother knows best",
      "the old password",
      "the new password",
      SESSION,
      "d1b80101-7f0b-4c1d-9a55-0b6e3f8d2c11",
    ]
  ) {
    assert.throws(() => secrets.refuseIn([leak], "iam"), SecretLeaked);
  }
});

Deno.test("a suite fails if one of its processes prints a secret that it used, on stdout or stderr", async () => {
  usedSecrets.note("a deliberate leak");
  for (const target of ["1", "2"]) {
    const leak = async () => {
      await using program = startProcess("sh", [
        "-c",
        `echo '{"err":"a deliberate leak"}' >&${target}; sleep 60`,
      ]);
      await program.waitForLine(/err/);
    };
    await assert.rejects(leak(), SecretLeaked);
  }
});
