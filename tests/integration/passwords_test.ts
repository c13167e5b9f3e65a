import assert from "node:assert/strict";
import postgres from "postgres";
import { readErrorDetails } from "@rocket/platform/grpc";
import { answerOf, errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { logIn, newPerson, register, registerAndLogIn } from "../support/person.ts";
import { assertSameCost } from "../support/same_cost.ts";
import { COSTLY_PASSWORDS, startSystem } from "../support/system.ts";

Deno.test("6.3.8: a wrong password and an unknown login get the same answer", async (t) => {
  await using system = await startSystem({ services: ["iam"], env: COSTLY_PASSWORDS });
  const { login, password } = await registerAndLogIn(system);
  const attempts = {
    wrong: () => errorOf(logIn(system, login, "not the password")),
    unknown: () => errorOf(logIn(system, "nobody-here", password)),
    invalid: () => errorOf(logIn(system, "no login at all!", password)),
  };

  await t.step("in status, message and details", async () => {
    const answers = await Promise.all(
      Object.values(attempts).map(async (attempt) => {
        const { code, details, metadata } = await attempt();
        return { code, details, structured: readErrorDetails(metadata) };
      }),
    );
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(answers[0]?.code, 16);
  });

  await t.step("in time", () => assertSameCost(attempts));
});

Deno.test("after the cost of hashing is raised or lowered, every refused login still takes the same time", async (t) => {
  await using system = await startSystem({ services: ["iam"], env: COSTLY_PASSWORDS });
  const early = newPerson();
  await register(system, early);
  await system.stop("iam");
  await system.start("iam", { ARGON2_MEMORY_KIB: "65536" });
  const attempts = {
    "a login from before": () => errorOf(logIn(system, early.login, "not the password")),
    "an unknown login": () => errorOf(logIn(system, "nobody-here", "not the password")),
  };

  await t.step("while all hashes are old", () => assertSameCost(attempts));

  const late = newPerson();
  const ofLate = () => errorOf(logIn(system, late.login, "not the password"));
  await t.step("once some hashes are new", async () => {
    await register(system, late);
    await assertSameCost({ ...attempts, "a login from after": ofLate });
  });

  await t.step("once the cost is lower again", async () => {
    await system.stop("iam");
    await system.start("iam");
    const latest = newPerson();
    await register(system, latest);
    const ofLatest = () => errorOf(logIn(system, latest.login, "not the password"));
    await assertSameCost({ ...attempts, "a login from between": ofLate, "a login from after": ofLatest });
  });
});

Deno.test("with a full password queue IAM answers RESOURCE_EXHAUSTED, and Whoami does not wait", async () => {
  const env = { ...COSTLY_PASSWORDS, ARGON2_CONCURRENCY: "1", ARGON2_QUEUE: "4" };
  await using system = await startSystem({ services: ["iam"], env });
  const { login, password, sessionUuid } = await registerAndLogIn(system);
  let isDone = false;
  const logins = Promise.all(Array.from({ length: 40 }, () => statusOf(logIn(system, login, password))))
    .finally(() => isDone = true);
  let answered = 0;
  while (!isDone) {
    await answerOf(system.auth.whoami({ sessionUuid }));
    answered++;
  }
  const statuses = await logins;
  assert.deepEqual([...new Set(statuses)].toSorted(), ["OK", "RESOURCE_EXHAUSTED"]);
  const opened = statuses.filter((status) => status === "OK").length;
  assert.ok(opened >= 5, `${opened} logins`);
  // If each call had waited for a password check, there would not be more calls than checks.
  assert.ok(answered > opened, `${answered} answers while ${opened} passwords were checked`);
});

Deno.test("a login replaces a hash that was made with other parameters", async () => {
  await using system = await startSystem({
    services: ["iam"],
    env: { ...COSTLY_PASSWORDS, ARGON2_MEMORY_KIB: "8192" },
  });
  const person = newPerson();
  const userUuid = await register(system, person);
  const hash = async () => {
    const sql = postgres(system.variable("IAM_POSTGRES_URL"), { max: 1 });
    try {
      const [row] = await sql<
        { password_hash: string }[]
      >`select password_hash from users where uuid = ${userUuid}`;
      return row?.password_hash ?? "";
    } finally {
      await sql.end();
    }
  };
  assert.match(await hash(), /^\$argon2id\$v=19\$m=8192,t=2,p=1\$/);
  await system.stop("iam");
  await system.start("iam", { ARGON2_MEMORY_KIB: "19456" });

  await logIn(system, person.login, person.password);
  assert.match(await hash(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  await logIn(system, person.login, person.password);
});
