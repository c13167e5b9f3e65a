import { type Backing, startBacking } from "@rocket/dev";
import { Unavailable } from "@rocket/platform/core";
import { createEventDoor, createRelay, subscribe } from "@rocket/platform/events";
import { createOutbox, encodeEvent } from "@rocket/platform/outbox";
import { consumeKafka, type ReceivedRecord } from "@rocket/platform/kafka";
import { createLogger } from "@rocket/platform/log";
import { createPostgres, migrate, type Postgres } from "@rocket/platform/postgres";
import { repeat } from "@rocket/platform/service";
import { eventually } from "@rocket/platform/testing/eventually";
import { ORDER_PAID, OrderPaid } from "@rocket/proto/events";
import assert from "node:assert/strict";
import { kafkaAddress } from "../../support/kafka.ts";

const MIGRATIONS = new URL("../../../migrations/order/", import.meta.url).pathname;
/** Longer than the test: what happens sooner was not found by looking now and then. */
const NEVER_MS = 86_400_000;

const lines: string[] = [];
const log = createLogger({ service: "test", level: "info", format: "json" }, {
  write: (line: string) => void lines.push(line),
});
const text = new TextDecoder();

Deno.test("events from an outbox to a handler", async (t) => {
  await using owned = new AsyncDisposableStack();
  const backing = owned.use(
    await startBacking({ databases: ["order"], stores: ["postgres", "kafka"], env: Deno.env.toObject() }),
  );
  const postgresUrl = backing.postgresUrls["order"] ?? "";
  await migrate({ url: postgresUrl, directory: MIGRATIONS, log });
  const postgres = owned.use(createPostgres(postgresUrl));
  const outbox = createOutbox(postgres);
  const kafka = kafkaAddress(backing);

  const relay = (everyMs: number) => {
    const relay = createRelay({ source: "order", topics: [ORDER_PAID], postgresUrl, kafka, log, everyMs });
    const repeating = repeat({ ...relay.work, log });
    return {
      async [Symbol.asyncDispose]() {
        await repeating[Symbol.asyncDispose]();
        await relay[Symbol.asyncDispose]();
      },
    };
  };

  await t.step("an event is sent at once, with the headers of CloudEvents, and marked as sent", async () => {
    await using received = collect(backing, "order.paid");
    await using _relay = relay(NEVER_MS);
    const first = aPaidOrder();
    await outbox.add([encodeEvent(ORDER_PAID, first)]);
    // The relay looks once when it starts, and from then on it waits.
    await received.find(first);
    const event = aPaidOrder();
    await outbox.add([encodeEvent(ORDER_PAID, event)]);
    const record = await received.find(event);
    assert.deepEqual(OrderPaid.decode(record.value ?? new Uint8Array()), event);
    assert.equal(text.decode(record.key), event.orderUuid);
    const { ce_time, ...headers } = headersOf(record);
    assert.deepEqual(headers, {
      ce_specversion: "1.0",
      ce_id: event.eventUuid,
      ce_source: "/order",
      ce_type: "events.v1.OrderPaid",
      "content-type": "application/protobuf",
    });
    assert.equal(new Date(ce_time ?? "").toISOString(), ce_time);
    await eventually(async () => assert.equal(await countUnsent(postgres), 0));
  });

  await t.step("an event whose notification was lost is found", async () => {
    await using received = collect(backing, "order.paid");
    await postgres.query((sql) => sql`alter table outbox disable trigger outbox_notification`);
    await using _relay = relay(20);
    await eventually(async () => assert.equal(await countUnsent(postgres), 0));
    const event = aPaidOrder();
    await outbox.add([encodeEvent(ORDER_PAID, event)]);
    await received.find(event);
    await postgres.query((sql) => sql`alter table outbox enable trigger outbox_notification`);
  });

  await t.step("however many replicas send, the events of one key stay in their order", async () => {
    await using received = collect(backing, "order.paid");
    await using _first = relay(20);
    await using _second = relay(20);
    await using _third = relay(20);
    const orders = Array.from({ length: 5 }, () => crypto.randomUUID());
    const written = new Map<string, string[]>(orders.map((order) => [order, []]));
    await Promise.all(orders.map(async (orderUuid) => {
      for (let at = 0; at < 40; at++) {
        const event = { ...aPaidOrder(), orderUuid };
        // An order has one event of each type; here the type is not what matters.
        const eventType = `events.v1.OrderPaid${at}`;
        await outbox.add([{ ...encodeEvent(ORDER_PAID, event), eventType }]);
        written.get(orderUuid)?.push(event.eventUuid);
      }
    }));
    await eventually(() => {
      for (const [orderUuid, uuids] of written) {
        const found = received.records.filter(({ key }) => text.decode(key) === orderUuid)
          .map((record) => headersOf(record)["ce_id"] ?? "");
        assert.deepEqual([...new Set(found)], uuids);
      }
    });
  });

  await t.step("an event waits while Kafka is down, and is sent once it is back", async () => {
    await using _relay = relay(50);
    await eventually(async () => assert.equal(await countUnsent(postgres), 0));
    await backing.kafka.kill();
    const event = aPaidOrder();
    await outbox.add([encodeEvent(ORDER_PAID, event)]);
    await eventually(() => assert(lines.some((line) => line.includes("events wait to be sent"))));
    assert.equal(await countUnsent(postgres), 1);
    await backing.kafka.start();
    await using received = collect(backing, "order.paid");
    await received.find(event);
    await eventually(async () => assert.equal(await countUnsent(postgres), 0));
  });

  await t.step("only events that were sent are forgotten", async () => {
    const [sent, unsent] = [aPaidOrder(), aPaidOrder()];
    await outbox.add([sent, unsent].map((event) => encodeEvent(ORDER_PAID, event)));
    await postgres.query((sql) =>
      sql`update outbox set sent_at = now() - interval '8 days' where event_uuid = ${sent.eventUuid}`
    );
    await postgres.query((sql) =>
      sql`update outbox set created_at = now() - interval '8 days' where event_uuid = ${unsent.eventUuid}`
    );
    assert.equal(await outbox.forgetOld(7 * 86_400_000, 1_000, false), 1);
    assert.equal(await countUnsent(postgres), 1);
  });

  await t.step("a broken record becomes a dead letter, and the event behind it is handled", async () => {
    const group = `group-${crypto.randomUUID()}`;
    const handled: OrderPaid[] = [];
    let failures = 3;
    const door = createEventDoor({
      service: group,
      subscriptions: [subscribe(ORDER_PAID, (event) => {
        if (failures-- > 0) return Promise.reject(new Unavailable("postgres"));
        handled.push(event);
        return Promise.resolve();
      })],
      kafka,
      log,
    });
    await using letters = collect(backing, "order.paid.dlq");
    await using _relay = relay(50);
    const event = aPaidOrder();
    const broken = { ...encodeEvent(ORDER_PAID, aPaidOrder()), key: event.orderUuid };
    const good = { ...encodeEvent(ORDER_PAID, event), eventType: "events.v1.OrderPaid.second" };
    await outbox.add([{ ...broken, payload: new TextEncoder().encode("no event") }]);
    await outbox.add([good]);
    const open = await door.open();
    assert.equal(open.address, "order.paid");
    try {
      await eventually(() => assert(handled.some(({ eventUuid }) => eventUuid === event.eventUuid)));
      const letter = await eventually(() => {
        const found = letters.records.find((record) => headersOf(record)["ce_id"] === broken.eventUuid);
        return found ?? assert.fail();
      });
      const { dlq_topic, dlq_reason } = headersOf(letter);
      assert.deepEqual([dlq_topic, dlq_reason], ["order.paid", "BROKEN_EVENT: it can't be decoded"]);
    } finally {
      await open.close(10_000);
    }
  });
});

function aPaidOrder(): OrderPaid {
  return {
    eventUuid: crypto.randomUUID(),
    orderUuid: crypto.randomUUID(),
    userUuid: crypto.randomUUID(),
    paymentMethod: "CARD",
    transactionUuid: crypto.randomUUID(),
  };
}

async function countUnsent(postgres: Postgres): Promise<number> {
  const [row] = await postgres.query((sql) =>
    sql<[{ count: number }]>`select count(*)::int as count from outbox where sent_at is null`
  );
  return row.count;
}

/** Consumes a topic from its beginning into a list. */
function collect(backing: Backing, topic: string) {
  const records: ReceivedRecord[] = [];
  const consumer = consumeKafka({
    address: kafkaAddress(backing),
    groupId: crypto.randomUUID(),
    topics: [topic],
    handle(record) {
      records.push(record);
      return Promise.resolve();
    },
    log,
  });
  return {
    records,
    find: (event: OrderPaid) =>
      eventually(() => {
        const found = records.find((record) => headersOf(record)["ce_id"] === event.eventUuid);
        return found ?? assert.fail(`${event.eventUuid} has not come`);
      }),
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
}

function headersOf({ headers }: ReceivedRecord): Record<string, string> {
  return Object.fromEntries([...headers].map(([name, value]) => [name, text.decode(value)]));
}
