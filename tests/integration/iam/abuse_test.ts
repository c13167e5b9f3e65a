import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Answer, type IamDoor, iamDoors } from "../../support/iam_doors.ts";
import { newPerson, type Person, registerAndLogIn } from "../../support/person.ts";
import { COSTLY_PASSWORDS, startSystem } from "../../support/system.ts";

/** An attack, and what the attacker must learn: the status, the reason, and the fields that are to blame. */
interface Attack {
  readonly run: (door: IamDoor, victim: Person, attacker: Person) => Promise<Answer>;
  readonly status: number;
  readonly reason: string;
  readonly fields?: readonly string[];
}

const wrongCredentials = { status: 401, reason: "CREDENTIALS_INVALID" };
const noSession = { status: 401, reason: "SESSION_INVALID" };
const wrongPassword = { status: 403, reason: "PASSWORD_INCORRECT" };
const noSuchToken = { status: 403, reason: "TOKEN_INVALID" };
const noSuchSession = { status: 404, reason: "SESSION_NOT_FOUND" };
const invalid = (...fields: readonly string[]) => ({ status: 400, reason: "INVALID_ARGUMENT", fields });

const ATTACKS: Readonly<Record<string, Attack>> = {
  "a guessed password": {
    run: (door, { login }) => door.logIn(login, "password123"),
    ...wrongCredentials,
  },
  "the right password in other letters": {
    run: (door, { login, password }) => door.logIn(login, password.toUpperCase()),
    ...wrongCredentials,
  },
  "an empty password": { run: (door, { login }) => door.logIn(login, ""), ...wrongCredentials },
  "a password of 20,000 characters": {
    run: (door, { login, password }) => door.logIn(login, password.padEnd(20_000, "x")),
    ...wrongCredentials,
  },
  "an unknown login": {
    run: (door, { password }) => door.logIn("nobody-here", password),
    ...wrongCredentials,
  },
  "an e-mail address as login": {
    run: (door, { email, password }) => door.logIn(email, password),
    ...wrongCredentials,
  },
  "a login with a null character": {
    run: (door, { login, password }) => door.logIn(`${login}\0`, password),
    ...wrongCredentials,
  },
  "SQL as login": {
    run: (door) => door.logIn("' or '1'='1' --", "' or '1'='1' --"),
    ...wrongCredentials,
  },
  "no session": { run: (door) => door.whoami(""), ...noSession },
  "a guessed session": { run: (door) => door.whoami(crypto.randomUUID()), ...noSession },
  "the null UUID": { run: (door) => door.whoami("00000000-0000-0000-0000-000000000000"), ...noSession },
  "a pattern of sessions": { run: (door) => door.whoami("*"), ...noSession },
  "a user's UUID as session": { run: (door, { userUuid }) => door.whoami(userUuid), ...noSession },
  "two sessions as one": {
    run: (door, { sessionUuid }) => door.whoami(`${sessionUuid},${sessionUuid}`),
    ...noSession,
  },
  "another's login in other letters": {
    run: (door, { login }) => door.register(newPerson({ login: login.toUpperCase() })),
    status: 409,
    reason: "LOGIN_TAKEN",
  },
  "another's e-mail address in other letters": {
    run: (door, { email }) => door.register(newPerson({ email: email.toUpperCase() })),
    status: 409,
    reason: "EMAIL_TAKEN",
  },
  "nothing but empty fields": {
    run: (door) => door.register({ login: "", email: "", password: "" }),
    ...invalid("login", "email", "password"),
  },
  "a common password": {
    run: (door) => door.register(newPerson({ password: "password1" })),
    ...invalid("password"),
  },
  "a password of 129 characters": {
    run: (door) => door.register(newPerson({ password: "7".repeat(129) })),
    ...invalid("password"),
  },
  "a login that looks like another": {
    run: (door) => door.register(newPerson({ login: "rіpley", email: "ripley@example.com" })),
    ...invalid("login"),
  },
  "an e-mail header in an address": {
    run: (door) => door.register(newPerson({ email: "a@example.com\r\nBcc: b@example.com" })),
    ...invalid("email"),
  },
  "eleven notification methods": {
    run: (door) => {
      const methods = Array.from({ length: 11 }, () => ({ provider_name: "push", target: "device" }));
      return door.register({ ...newPerson(), notification_methods: methods });
    },
    ...invalid("notification_methods"),
  },
  "an unknown provider and a control character": {
    run: (door) => {
      const method = { provider_name: "pigeon", target: "a\u0000b" };
      return door.register({ ...newPerson(), notification_methods: [method] });
    },
    ...invalid("notification_methods[0].provider_name", "notification_methods[0].target"),
  },
  "a list of sessions without a session": { run: (door) => door.listSessions(""), ...noSession },
  "the end of an account without a session": {
    run: (door, { password }) => door.deleteAccount("", password),
    ...noSession,
  },
  "a stolen session that ends the others": {
    run: (door, { sessionUuid }) => door.endOthers(sessionUuid, "password123"),
    ...wrongPassword,
  },
  "a stolen session that ends another": {
    run: (door, { sessionUuid }) => door.endSession(sessionUuid, "unknown", "password123"),
    ...wrongPassword,
  },
  "a stolen session that changes the password": {
    run: (door, { sessionUuid }) =>
      door.changePassword(sessionUuid, "password123", "seven stars in a circle"),
    ...wrongPassword,
  },
  "a stolen session that changes the e-mail address": {
    run: (door, { sessionUuid }) => door.changeEmail(sessionUuid, "thief@example.com", "password123"),
    ...wrongPassword,
  },
  "a stolen session that deletes the account": {
    run: (door, { sessionUuid }) => door.deleteAccount(sessionUuid, "password123"),
    ...wrongPassword,
  },
  "another's session, by its handle": {
    run: (door, victim, { sessionUuid, password }) =>
      door.endSession(sessionUuid, digestOf(victim.sessionUuid), password),
    ...noSuchSession,
  },
  "another's session, by its identifier": {
    run: (door, victim, { sessionUuid, password }) =>
      door.endSession(sessionUuid, victim.sessionUuid, password),
    ...noSuchSession,
  },
  "a handle instead of a session": {
    run: (door, { sessionUuid }) => door.whoami(digestOf(sessionUuid)),
    ...noSession,
  },
  "another's e-mail address, taken over": {
    run: (door, victim, { sessionUuid, password }) => door.changeEmail(sessionUuid, victim.email, password),
    status: 409,
    reason: "EMAIL_TAKEN",
  },
  "a guessed token for another password": {
    run: (door) => door.resetPassword("nJtKqVHy5Dk1mR0c3vXbT7eWz2LuGfA8sYpQoMi9E4w", "five stars in a row"),
    ...noSuchToken,
  },
  "no token": { run: (door) => door.resetPassword("", "five stars in a row"), ...noSuchToken },
  "a session as a token": {
    run: (door, { sessionUuid }) => door.resetPassword(sessionUuid, "five stars in a row"),
    ...noSuchToken,
  },
  "a pattern of tokens": { run: (door) => door.verifyEmail("%"), ...noSuchToken },
  "an e-mail header in the address of a forgotten password": {
    run: (door, { email }) => door.requestPasswordReset(`${email}\r\nBcc: thief@example.com`),
    ...invalid("email"),
  },
  "two addresses of a forgotten password": {
    run: (door, { email }) => door.requestPasswordReset(`${email},thief@example.com`),
    ...invalid("email"),
  },
  "a mail to verify an address, without a session": {
    run: (door) => door.requestEmailVerification(""),
    ...noSession,
  },
  "a change to a common password": {
    run: (door, _, { sessionUuid, password }) => door.changePassword(sessionUuid, password, "password1"),
    ...invalid("new_password"),
  },
};

/** A session's handle, as its user's list has it. */
function digestOf(sessionUuid: string): string {
  return createHash("sha256").update(sessionUuid).digest("base64url");
}

Deno.test("6.1.3, 6.3.4: both of IAM's doors refuse the same attacks in the same words", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  const doors = iamDoors(system);
  const victim = await registerAndLogIn(system);
  const attacker = await registerAndLogIn(system);

  for (const [what, { run, status, reason, fields = [] }] of Object.entries(ATTACKS)) {
    await t.step(what, async () => {
      const [grpc, http] = await Promise.all([
        run(doors.gRPC, victim, attacker),
        run(doors.HTTP, victim, attacker),
      ]);
      const { message: _, ...answer } = grpc;
      assert.deepEqual(answer, { status, reason, fields, isRetryable: false });
      assert.deepEqual(http, grpc);
    });
  }

  await t.step("none of them did anything to the victim's account or session", async () => {
    for (const door of Object.values(doors)) {
      assert.equal((await door.whoami(victim.sessionUuid)).status, 200);
      assert.equal((await door.logIn(victim.login, victim.password)).status, 200);
    }
  });

  await t.step("the log has no password and no session", async () => {
    await system.stop("iam");
    const log = system.process("iam").output.join("\n");
    assert.match(log, /"login refused"/);
    for (const secret of [victim.password, victim.sessionUuid, "password123"]) {
      assert.ok(!log.includes(secret), secret);
    }
  });
});

Deno.test("6.3.4: a flood of passwords through one door is refused at both, and harms no session", async () => {
  const env = { ...COSTLY_PASSWORDS, ARGON2_CONCURRENCY: "1", ARGON2_QUEUE: "4" };
  await using system = await startSystem({ services: ["iam"], env });
  const doors = Object.values(iamDoors(system));
  const { login, sessionUuid } = await registerAndLogIn(system);
  for (const attacked of doors) {
    let isOver = false;
    const guess = async () => {
      while (!isOver) await attacked.logIn(login, "password123");
    };
    const flood = Array.from({ length: 20 }, guess);
    const others = doors.map(async (door) => {
      for (;;) {
        assert.equal((await door.whoami(sessionUuid)).status, 200);
        const answer = await door.register(newPerson());
        if (answer.status !== 200) return answer;
      }
    });
    const refusals = await Promise.all(others).finally(() => isOver = true);
    await Promise.all(flood);
    for (const { status, reason, isRetryable } of refusals) {
      assert.deepEqual(
        { status, reason, isRetryable },
        { status: 429, reason: "PASSWORD_QUEUE_FULL", isRetryable: true },
      );
    }
  }
});
