import assert from "node:assert/strict";
import postgres from "postgres";
import { readErrorDetails } from "@rocket/platform/grpc";
import { answerOf, errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { join, logIn, register, someone } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

Deno.test("a wrong password and an unknown login are answered alike", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  const { login, password } = await join(system);
  const attempts = {
    wrong: () => errorOf(logIn(system, login, "not the password")),
    unknown: () => errorOf(logIn(system, "nobody-here", password)),
    impossible: () => errorOf(logIn(system, "no login at all!", password)),
  };

  await t.step("in status, message and details", async () => {
    const told = await Promise.all(
      Object.values(attempts).map(async (attempt) => {
        const { code, details, metadata } = await attempt();
        return { code, details, structured: readErrorDetails(metadata) };
      }),
    );
    for (const answer of told) assert.deepEqual(answer, told[0]);
    assert.equal(told[0]?.code, 16);
  });

  await t.step("in time: the medians of 20 each lie within 25 % of one another", async () => {
    const seen: Readonly<Record<string, number>>[] = [];
    // What else the machine does may part them once; what the answers themselves differ by parts them every time.
    while (seen.length < MEASUREMENTS) {
      const mediansMs = await measureInTurn(attempts);
      const values = Object.values(mediansMs);
      if (Math.max(...values) <= Math.min(...values) * 1.25) return;
      seen.push(mediansMs);
    }
    assert.fail(`the medians differ, in ms: ${JSON.stringify(seen)}`);
  });
});

Deno.test("past the password queue IAM answers RESOURCE_EXHAUSTED, and Whoami stays fast", async () => {
  const env = { ARGON2_CONCURRENCY: "1", ARGON2_QUEUE: "4" };
  await using system = await startSystem({ services: ["iam"], env });
  const { login, password, sessionUuid } = await join(system);
  const logins = Promise.all(Array.from({ length: 40 }, () => statusOf(logIn(system, login, password))));
  const whoamiMs: number[] = [];
  let isDone = false;
  logins.finally(() => isDone = true);
  while (!isDone) {
    const startedAt = performance.now();
    await answerOf(system.auth.whoami({ sessionUuid }));
    whoamiMs.push(performance.now() - startedAt);
  }
  const statuses = await logins;
  assert.deepEqual([...new Set(statuses)].toSorted(), ["OK", "RESOURCE_EXHAUSTED"]);
  assert.ok(statuses.filter((status) => status === "OK").length >= 5);
  assert.ok(median(whoamiMs) < 50, `median ${median(whoamiMs)} ms`);
});

Deno.test("a login with today's parameters renews a hash made with yesterday's", async () => {
  await using system = await startSystem({ services: ["iam"], env: { ARGON2_MEMORY_KIB: "8192" } });
  const person = someone();
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

/** How often times that differ are measured before they count as different. */
const MEASUREMENTS = 4;

/** The median time of 20 of each, in milliseconds; in turn, so that what else the machine does falls on each alike. */
async function measureInTurn(
  attempts: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Readonly<Record<string, number>>> {
  const measured = Object.entries(attempts).map(([name, attempt]) => ({
    name,
    attempt,
    tookMs: new Array<number>(),
  }));
  for (let round = 0; round < 20; round++) {
    for (const { attempt, tookMs } of measured) {
      const startedAt = performance.now();
      await attempt();
      tookMs.push(performance.now() - startedAt);
    }
  }
  return Object.fromEntries(measured.map(({ name, tookMs }) => [name, median(tookMs)]));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
