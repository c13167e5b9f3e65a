import assert from "node:assert/strict";
import { createSignal, Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { eventually } from "@rocket/platform/testing/eventually";
import { AddressRefused, ChannelBusy } from "../model/failures.ts";
import type { Channel, MessageKind, Recipient, RenderedMessage } from "../model/message.ts";
import type { MessageRepository, TakenMessage } from "../repository/messages.ts";
import { createDeliverMessages } from "./deliver_messages.ts";

const ripley: Recipient = {
  login: "ripley",
  email: "ripley@example.com",
  addresses: [{ channel: "telegram", target: "42" }, { channel: "email", target: "ship@example.com" }],
};

interface Given {
  readonly kind?: MessageKind;
  readonly find?: () => Promise<Recipient | undefined>;
  /** What sending to an address does, by its target; the others take the message. */
  readonly refusals?: Readonly<Record<string, Error>>;
  readonly ageMs?: number;
  readonly attempt?: number;
}

/** Delivers one message, until it is ended or put off. */
async function deliver(
  { kind = "order_paid", find = () => Promise.resolve(ripley), refusals = {}, ageMs = 0, attempt = 0 }: Given,
) {
  const message: TakenMessage = {
    eventUuid: crypto.randomUUID(),
    userUuid: crypto.randomUUID(),
    kind,
    facts: {},
    attempt,
    ageMs,
  };
  const queue = [message];
  const settled: string[] = [];
  const outcome = {
    sent: [] as string[],
    bodies: [] as string[],
    putOffMs: undefined as number | undefined,
    isEnded: false,
    refused: 0,
  };
  const messages: MessageRepository = {
    add: () => Promise.resolve(false),
    take: () => Promise.resolve(queue.splice(0)),
    putOff: (_event, ms) => Promise.resolve(void (outcome.putOffMs = ms)),
    end: () => Promise.resolve(void (outcome.isEnded = true)),
    settled: () => Promise.resolve(settled),
    noteDelivery: (_event, digest) => Promise.resolve(void settled.push(digest)),
    noteRefusal: () => Promise.resolve(void outcome.refused++),
    untilNextMs: () => Promise.resolve(undefined),
    forgetOld: () => Promise.resolve(0),
  };
  const sender = (channel: Channel) => ({
    send(target: string, { body }: RenderedMessage) {
      const refusal = refusals[target];
      if (refusal !== undefined) return Promise.reject(refusal);
      outcome.sent.push(`${channel} ${target}`);
      outcome.bodies.push(body);
      return Promise.resolve();
    },
  });
  const closing = new AbortController();
  const delivering = createDeliverMessages({
    messages,
    users: {
      find,
      issueToken: () => Promise.resolve({ token: "s3cret", email: ripley.email, expiresAt: new Date(0) }),
    },
    senders: { email: sender("email"), telegram: sender("telegram") },
    compose: (_channel, { facts }) => ({ subject: "", body: Object.values(facts).join() }),
    added: createSignal(),
    log: createLogger({ service: "notification", level: "silent", format: "json" }),
  })(closing.signal);
  const isOver = () => assert.ok(outcome.isEnded || outcome.putOffMs !== undefined);
  await eventually(() => Promise.resolve(isOver()));
  closing.abort();
  await delivering;
  return { ...outcome, delivered: settled.length };
}

Deno.test("a message about an order goes to every address that the user named, and ends", async () => {
  const { sent, delivered, isEnded } = await deliver({});
  assert.deepEqual(sent.toSorted(), ["email ship@example.com", "telegram 42"]);
  assert.deepEqual([delivered, isEnded], [2, true]);
});

Deno.test("6.3.7: a message about the account goes to its e-mail address as well, once", async () => {
  const { sent } = await deliver({ kind: "password_changed" });
  assert.deepEqual(sent.toSorted(), ["email ripley@example.com", "email ship@example.com", "telegram 42"]);
  const same = { ...ripley, addresses: [{ channel: "email", target: ripley.email }] as const };
  const once = await deliver({ kind: "password_changed", find: () => Promise.resolve(same) });
  assert.deepEqual(once.sent, ["email ripley@example.com"]);
});

Deno.test("an address that refuses messages is noted, and the others get theirs", async () => {
  const { sent, refused, isEnded } = await deliver({ refusals: { "42": new AddressRefused("blocked") } });
  assert.deepEqual([sent, refused, isEnded], [["email ship@example.com"], 1, true]);
});

Deno.test("a busy channel is tried again after the time that it says, and the others at once", async () => {
  const { sent, putOffMs } = await deliver({ refusals: { "42": new ChannelBusy("too many", 7_000) } });
  assert.deepEqual([sent, putOffMs], [["email ship@example.com"], 7_000]);
});

Deno.test("what could not be sent is tried again after a pause that grows to 5 minutes", async () => {
  const refusals = { "42": new Error("no answer") };
  const pauses = [];
  for (const attempt of [0, 1, 4, 30]) pauses.push((await deliver({ refusals, attempt })).putOffMs);
  assert.deepEqual(pauses, [1_000, 2_000, 16_000, 300_000]);
});

Deno.test("after a day a message is given up", async () => {
  const { isEnded } = await deliver({ refusals: { "42": new Error("no answer") }, ageMs: 24 * 3_600_000 });
  assert.equal(isEnded, true);
});

Deno.test("while IAM is away a message waits", async () => {
  const { sent, putOffMs, isEnded } = await deliver({ find: () => Promise.reject(new Unavailable("iam")) });
  assert.deepEqual([sent, putOffMs, isEnded], [[], 1_000, false]);
});

Deno.test("a message to a deleted account ends unsent", async () => {
  const { sent, isEnded } = await deliver({ find: () => Promise.resolve(undefined) });
  assert.deepEqual([sent, isEnded], [[], true]);
});

Deno.test("a token goes to the account's own e-mail address only", async () => {
  for (const kind of ["password_reset", "email_verification"] as const) {
    const { sent, bodies, isEnded } = await deliver({ kind });
    assert.deepEqual([sent, isEnded], [["email ripley@example.com"], true]);
    assert.match(bodies[0] ?? "", /^s3cret,/);
  }
});
