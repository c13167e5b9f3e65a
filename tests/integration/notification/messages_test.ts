import assert from "node:assert/strict";
import { createMessageRepository } from "@rocket/notification/messages";
import { createRefusedLoginRepository } from "@rocket/notification/refused-logins";
import { startOwnDatabase } from "../../support/own_database.ts";

const MIGRATIONS = new URL("../../../migrations/notification/", import.meta.url);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function aMessage() {
  const eventUuid: string = crypto.randomUUID();
  const userUuid: string = crypto.randomUUID();
  return { eventUuid, userUuid, kind: "order_paid", facts: { order_uuid: "x" } } as const;
}

Deno.test("messages to people", async (t) => {
  await using database = await startOwnDatabase("notification", MIGRATIONS);
  const pools = [database.replica(), database.replica()] as const;
  const [postgres] = pools;
  const replicas = pools.map(createMessageRepository);
  const [messages = assert.fail()] = replicas;

  await t.step(
    "an event asks for one message, however often it comes, and one replica takes it",
    async () => {
      const message = aMessage();
      const added = await Promise.all(Array.from({ length: 10 }, () => messages.add(message)));
      assert.equal(added.filter((isNew) => isNew).length, 1);
      const taken = (await Promise.all(replicas.map((replica) => replica.take(5, HOUR_MS)))).flat();
      assert.deepEqual(taken.map(({ ageMs: _ageMs, ...rest }) => rest), [{ ...message, attempt: 0 }]);
      await messages.end(message.eventUuid);
      assert.equal(await messages.untilNextMs(), undefined);
    },
  );

  await t.step("a message that is not ended is due again, and one that is put off later", async () => {
    const message = aMessage();
    await messages.add(message);
    await messages.take(5, 0);
    const [again] = await messages.take(5, 0);
    assert.equal(again?.attempt, 1);
    await messages.putOff(message.eventUuid, HOUR_MS);
    assert.deepEqual(await messages.take(5, 0), []);
    const nextMs = await messages.untilNextMs() ?? 0;
    assert.ok(nextMs > HOUR_MS / 2 && nextMs <= HOUR_MS);
    await messages.end(message.eventUuid);
  });

  await t.step("an address is settled once it has its message, or has refused any", async () => {
    const message = aMessage();
    await messages.add(message);
    const [had, refuses, open] = ["had", "refuses", "open"];
    await messages.noteDelivery(message.eventUuid, had);
    await messages.noteRefusal(refuses);
    await messages.noteRefusal(refuses);
    const settled = await messages.settled(message.eventUuid, [had, refuses, open]);
    assert.deepEqual(settled.toSorted(), [had, refuses]);
    const ofAnother = await messages.settled(crypto.randomUUID(), [had, refuses, open]);
    assert.deepEqual(ofAnother, [refuses]);
  });

  await t.step("6.3.7: a login after refused ones is reported once, and one without them never", async () => {
    const logins = createRefusedLoginRepository(postgres);
    const login = aMessage();
    const at = new Date();
    const refusedAt = new Date(at.getTime() - HOUR_MS / 2);
    assert.equal(await logins.addMessage(login, at, HOUR_MS), false);
    await logins.note(login.userUuid, refusedAt);
    assert.equal(await logins.addMessage(login, at, HOUR_MS / 4), false, "too long ago");
    assert.equal(await logins.addMessage(login, at, HOUR_MS), true);
    const next = { ...login, eventUuid: crypto.randomUUID() };
    assert.equal(await logins.addMessage(next, at, HOUR_MS), false);
  });

  await t.step("what is old is forgotten, with what was noted of it", async () => {
    await postgres.query((sql) => sql`update messages set received_at = now() - interval '31 days'`);
    while (await messages.forgetOld(30 * DAY_MS, 2) > 0);
    const [row] = await postgres.query((sql) =>
      sql<[{ n: number }]>`
        select (select count(*) from messages)::int + (select count(*) from deliveries)::int as n`
    );
    assert.equal(row.n, 0);
  });
});
