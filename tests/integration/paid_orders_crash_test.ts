import { SERVICE_NAMES } from "@rocket/dev";
import { eventually } from "@rocket/platform/testing/eventually";
import { orderApi } from "@rocket/proto/order";
import fc from "fast-check";
import assert from "node:assert/strict";
import postgres from "postgres";
import { assertConsistent, readState } from "../support/consistency.ts";
import { startFakeMailServer } from "../support/fake_mail_server.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { postOrder, postPayment, retryUntilOk } from "../support/order_client.ts";
import { registerAndLogIn } from "../support/person.ts";
import { startSystem, type System } from "../support/system.ts";

const ORDERS = 200;
const CONCURRENCY = 5;
const KILLS = 8;

/** How long everything may take to settle after the last kill, in milliseconds; a broker takes some seconds to return. */
const SETTLED_MS = 120_000;

const VICTIMS = ["order", "assembly", "notification", "kafka"] as const;

Deno.test("whatever is killed on their way, paid orders are assembled and reported, each once", async () => {
  await using mail = await startFakeMailServer();
  await using system = await startSystem({
    services: SERVICE_NAMES,
    env: {
      SMTP_URL: mail.url,
      ASSEMBLY_TIME_MIN: "10ms",
      ASSEMBLY_TIME_MAX: "500ms",
      ORDER_RECOVERY_AFTER: "1s",
      ORDER_WORK_INTERVAL: "100ms",
      ORDER_IDEMPOTENCY_LEASE: "1s",
      ORDER_MAX_UNPAID: String(ORDERS),
    },
  });
  await system.seedParts();
  const { sessionUuid } = await registerAndLogIn(system, {
    notificationMethods: [{ providerName: "email", target: "ship@example.com" }],
  });
  const { stock: before } = await readState(system);
  const [part = ""] = [...before].filter(([, pieces]) => pieces >= ORDERS).map(([uuid]) => uuid);

  const waiting = Array.from({ length: ORDERS }, (_, n) => `paid-${n}`);
  const clients = Promise.all(Array.from({ length: CONCURRENCY }, async () => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      const { order_uuid } = orderApi.CreateOrderResponse.parse(
        await retryUntilOk(() => postOrder(system, sessionUuid, { part_uuids: [part] }, key)),
      );
      await retryUntilOk(() => postPayment(system, sessionUuid, order_uuid, { key }));
    }
  }));
  // Whom to kill and after which pause, in milliseconds; the seed is printed.
  const { seed } = fuzzRuns(KILLS);
  const kill = fc.tuple(fc.constantFrom(...VICTIMS), fc.integer({ min: 0, max: 500 }));
  const kills = fc.sample(kill, { seed, numRuns: KILLS });
  for (const [victim, pauseMs] of kills) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await killAndStart(system, victim);
  }
  await clients;

  await eventually(async () => {
    const { orders } = await readState(system);
    assert.deepEqual(orders.filter(({ status }) => status !== "ASSEMBLED"), []);
    assert.equal(orders.length, ORDERS);
  }, SETTLED_MS);
  assertConsistent(await readState(system), before);
  assert.equal(await countShips(system), ORDERS);

  // A mail that was sent and not noted comes twice, and a mailbox tells that by its identifier.
  const identifiersOf = (subject: string) =>
    new Set(
      mail.mails.filter(({ text }) => text.includes(`Subject: ${subject}`))
        .map(({ text }) => /^Message-ID: (.+)$/im.exec(text)?.[1]),
    );
  await eventually(() => {
    for (const subject of ["Your order is paid", "Your ship is assembled"]) {
      assert.equal(identifiersOf(subject).size, ORDERS, subject);
    }
  }, SETTLED_MS);
});

async function killAndStart(system: System, victim: typeof VICTIMS[number]): Promise<void> {
  if (victim === "kafka") {
    await system.backing.kafka.kill();
    return await system.backing.kafka.start();
  }
  system.process(victim).kill("SIGKILL");
  await system.process(victim).waitForExit();
  await system.start(victim);
}

/** The number of ships that have been built. */
async function countShips(system: System): Promise<number> {
  const sql = postgres(system.variable("ASSEMBLY_POSTGRES_URL"), { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int as count from ships where assembled_at is not null`;
    return row?.count ?? 0;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
