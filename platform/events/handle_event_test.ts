import { ORDER_PAID, OrderPaid } from "@rocket/proto/events";
import assert from "node:assert/strict";
import { currentRequest } from "../core/request_context.ts";
import {
  DeadlineExceeded,
  FailedPrecondition,
  NotFound,
  PermissionDenied,
  ResourceExhausted,
  Unavailable,
} from "../core/failure.ts";
import type { ReceivedRecord } from "../kafka/consumer.ts";
import type { KafkaRecord } from "../kafka/producer.ts";
import { createLogger } from "../log/logger.ts";
import { createHandleEvent } from "./handle_event.ts";
import { subscribe } from "./subscription.ts";

const log = createLogger({ service: "test", level: "silent", format: "json" });
const bytes = new TextEncoder();
const text = new TextDecoder();

function aPaidOrder(): OrderPaid {
  return {
    eventUuid: crypto.randomUUID(),
    orderUuid: crypto.randomUUID(),
    userUuid: crypto.randomUUID(),
    paymentMethod: "CARD",
    transactionUuid: crypto.randomUUID(),
  };
}

function aRecord(event: OrderPaid, changes: Partial<ReceivedRecord> = {}): ReceivedRecord {
  return {
    topic: "order.paid",
    partition: 2,
    offset: 7n,
    key: bytes.encode(event.orderUuid),
    value: OrderPaid.encode(event).finish(),
    headers: new Map([["ce_id", bytes.encode(event.eventUuid)]]),
    ...changes,
  };
}

/** Handles records with a handler that throws these errors first, and none after that. */
function setUp(...errors: readonly unknown[]) {
  const [handled, letters, pauses]: [OrderPaid[], KafkaRecord[], number[]] = [[], [], []];
  const waiting = [...errors];
  const requestIds: (string | undefined)[] = [];
  const handle = createHandleEvent({
    subscriptions: [subscribe(ORDER_PAID, (event) => {
      requestIds.push(currentRequest()?.requestId);
      if (waiting.length > 0) return Promise.reject(waiting.shift());
      handled.push(event);
      return Promise.resolve();
    })],
    producer: {
      send(records) {
        letters.push(...records);
        return Promise.resolve();
      },
    },
    log,
    pause(ms) {
      pauses.push(ms);
      return Promise.resolve();
    },
  });
  const closing = new AbortController();
  return {
    handled,
    letters,
    pauses,
    requestIds,
    closing,
    handle: (record: ReceivedRecord) => handle(record, closing.signal),
  };
}

Deno.test("an event is handed to its topic's handler, as part of the request that caused it", async () => {
  const { handle, handled, letters, requestIds } = setUp();
  const event = aPaidOrder();
  await handle(aRecord(event, { headers: new Map([["x-request-id", bytes.encode("r-1")]]) }));
  assert.deepEqual(handled, [event]);
  assert.deepEqual(requestIds, ["r-1"]);
  assert.deepEqual(letters, []);
});

const MAY_PASS = [
  new Unavailable("postgres"),
  new DeadlineExceeded("iam"),
  new ResourceExhausted("RATE_LIMITED", "too many", 1),
  new PermissionDenied("NOT_ALLOWED", "not allowed"),
];

for (const failure of MAY_PASS) {
  Deno.test(`${failure.name} is waited out with growing pauses, however long it takes`, async () => {
    const { handle, handled, letters, pauses } = setUp(...Array(20).fill(failure));
    const event = aPaidOrder();
    await handle(aRecord(event));
    assert.deepEqual(handled, [event]);
    assert.deepEqual(letters, []);
    assert.equal(pauses.length, 20);
    assert.deepEqual(pauses, pauses.toSorted((a, b) => a - b));
    assert.equal(pauses.at(-1), 30_000);
  });
}

Deno.test("a fault that passes is no dead letter", async () => {
  const { handle, handled, letters } = setUp(...Array(4).fill(new TypeError("ours")));
  await handle(aRecord(aPaidOrder()));
  assert.deepEqual([handled.length, letters.length], [1, 0]);
});

const HOPELESS = [
  { error: new NotFound("ORDER_NOT_FOUND", "no such order"), reason: "ORDER_NOT_FOUND", attempts: "1" },
  { error: new FailedPrecondition("ORDER_NOT_PAID", "not paid"), reason: "ORDER_NOT_PAID", attempts: "1" },
  { error: new TypeError("a secret"), reason: "FAULT: TypeError", attempts: "5" },
];

for (const { error, reason, attempts } of HOPELESS) {
  Deno.test(`an event that always ends in ${error.name} is a dead letter, as it was and with the reason`, async () => {
    const { handle, handled, letters } = setUp(...Array(20).fill(error));
    const record = aRecord(aPaidOrder());
    await handle(record);
    assert.deepEqual(handled, []);
    const [letter] = letters;
    assert.equal(letters.length, 1);
    assert.equal(letter?.topic, "order.paid.dlq");
    assert.deepEqual([letter?.key, letter?.value], [record.key, record.value]);
    assert.deepEqual(headersOf(letter), {
      ce_id: text.decode(record.headers.get("ce_id")),
      dlq_topic: "order.paid",
      dlq_partition: "2",
      dlq_offset: "7",
      dlq_reason: reason,
      dlq_attempts: attempts,
    });
  });
}

const event = aPaidOrder();
const BROKEN = {
  "without a value": aRecord(event, { value: undefined }),
  "that can't be decoded": aRecord(event, { value: bytes.encode("not an event") }),
  "whose event has no identifier": aRecord({ ...event, eventUuid: "" }),
  "under the key of something else": aRecord(event, { key: bytes.encode("another") }),
  "without a key": aRecord(event, { key: undefined }),
};

for (const [what, record] of Object.entries(BROKEN)) {
  Deno.test(`a record ${what} is a dead letter at once`, async () => {
    const { handle, handled, letters, pauses } = setUp();
    await handle(record);
    assert.deepEqual([handled.length, pauses.length], [0, 0]);
    assert.match(headersOf(letters[0])["dlq_reason"] ?? "", /^BROKEN_EVENT: /);
  });
}

Deno.test("an event that waits is given up when the consumer closes, and is no dead letter", async () => {
  const failure = new Unavailable("postgres");
  const { handle, closing, letters } = setUp(failure);
  closing.abort();
  await assert.rejects(handle(aRecord(aPaidOrder())), failure);
  assert.deepEqual(letters, []);
});

function headersOf(record: KafkaRecord | undefined): Record<string, string> {
  const decode = (value: string | Uint8Array) => typeof value === "string" ? value : text.decode(value);
  return Object.fromEntries([...record?.headers ?? []].map(([name, value]) => [name, decode(value)]));
}
