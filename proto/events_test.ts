import schema from "@asyncapi/specs/schemas/3.0.0.json" with { type: "json" };
import { Ajv } from "ajv";
import assert from "node:assert/strict";
import { z } from "zod";
import { eventsDocument, IAM_ACCOUNT, ORDER_ASSEMBLED, ORDER_PAID, type Topic, TOPICS } from "./events.ts";

Deno.test("the topics are those that existing clients use", () => {
  assert.deepEqual(TOPICS.map(({ name, eventType }) => [name, eventType]), [
    ["order.paid", "events.v1.OrderPaid"],
    ["order.assembled", "events.v1.ShipAssembled"],
    ["iam.account", "events.v1.AccountEvent"],
  ]);
});

Deno.test("the events' document is valid AsyncAPI 3", () => {
  // The schema brings its own copy of JSON Schema's.
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false, validateFormats: false });
  assert.ok(ajv.validate(schema, eventsDocument), ajv.errorsText());
});

Deno.test("the events' document has every topic, with its message and its key", () => {
  const { channels, components: { messages } } = z.object({
    channels: z.record(z.string(), z.object({ messages: z.record(z.string(), z.unknown()) })),
    components: z.object({
      messages: z.record(
        z.string(),
        z.object({
          name: z.string(),
          bindings: z.object({ kafka: z.object({ key: z.object({ description: z.string() }) }) }),
        }),
      ),
    }),
  }).parse(eventsDocument);
  assert.deepEqual(Object.keys(channels).toSorted(), TOPICS.map(({ name }) => name).toSorted());
  const keys: Readonly<Record<string, string>> = {
    "order.paid": keyFieldOf(ORDER_PAID),
    "order.assembled": keyFieldOf(ORDER_ASSEMBLED),
    "iam.account": keyFieldOf(IAM_ACCOUNT),
  };
  for (const { name, eventType } of TOPICS) {
    const [message = ""] = Object.keys(channels[name]?.messages ?? {});
    const described = messages[message];
    assert.equal(described?.name, eventType);
    const [, field = ""] = /`(\w+)`/.exec(described.bindings.kafka.key.description) ?? [];
    assert.equal(field.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase()), keys[name]);
  }
});

/** The field that a topic's key is taken from. */
function keyFieldOf<Event extends { readonly eventUuid: string }>({ message, keyOf }: Topic<Event>): string {
  const event = message.decode(new Uint8Array());
  return keyOf({ ...event, ...Object.fromEntries(Object.keys(event).map((name) => [name, name])) });
}
