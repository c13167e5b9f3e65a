import { connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import { SYSTEM_CA } from "@rocket/platform/config";
import { DeadlineExceeded, Unavailable } from "@rocket/platform/core";
import { freePort } from "@rocket/platform/free-port";
import {
  consumeKafka,
  createKafkaAdmin,
  createKafkaProducer,
  type KafkaConsumerOptions,
  type KafkaRecord,
  type ReceivedRecord,
  UnusableCertificates,
} from "@rocket/platform/kafka";
import { createLogger } from "@rocket/platform/log";
import { type Certificate, createAuthority, HAS_OPENSSL } from "@rocket/platform/testing/certificates";
import { eventually } from "@rocket/platform/testing/eventually";
import assert from "node:assert/strict";
import { startOwnKafka } from "../../support/kafka.ts";

const log = createLogger({ service: "test", level: "silent", format: "json" });
const text = new TextDecoder();
const bytes = new TextEncoder();

Deno.test("records through Kafka", async (t) => {
  await using kafka = await startOwnKafka();
  await using producer = createKafkaProducer(kafka.address);
  const { address } = kafka;

  const consume = (
    topic: string,
    handle: KafkaConsumerOptions["handle"],
    groupId = `group-${crypto.randomUUID()}`,
  ) => consumeKafka({ address, groupId, topics: [topic], handle, log });

  /** Consumes into a list. */
  const collect = (topic: string, groupId?: string) => {
    const received: ReceivedRecord[] = [];
    const consuming = consume(topic, (record) => {
      received.push(record);
      return Promise.resolve();
    }, groupId);
    return {
      received,
      values: () => received.map(({ value }) => text.decode(value)),
      [Symbol.asyncDispose]: () => consuming[Symbol.asyncDispose](),
    };
  };

  await t.step({
    name: "go over TLS, with a login, only to a Kafka whose certificate is trusted",
    ignore: !HAS_OPENSSL,
    async fn() {
      await using owned = new AsyncDisposableStack();
      const [ours, another] = [owned.use(await createAuthority()), owned.use(await createAuthority())];
      const [broker] = address.kafkaBrokers;
      const probe = async (ca: string, names: string, port = broker?.port ?? 0) => {
        await using front = await startTlsFront(await ours.issue(names), port);
        const kafkaBrokers = [{ host: "127.0.0.1", port: front.port }];
        await using admin = createKafkaAdmin({ ...address, kafkaBrokers, kafkaTlsCa: ca });
        await admin.probe();
      };
      await probe(ours.ca, "IP:127.0.0.1");
      await assert.rejects(probe(another.ca, "IP:127.0.0.1"), Unavailable);
      await assert.rejects(probe(ours.ca, "DNS:elsewhere"), Unavailable);
      await assert.rejects(probe(SYSTEM_CA, "IP:127.0.0.1"), Unavailable);
      await assert.rejects(probe("/nowhere/ca.pem", "IP:127.0.0.1"), UnusableCertificates);
    },
  });

  await t.step("arrive with their key, value and headers, those of one key in order", async () => {
    const topic = await kafka.newTopic();
    const keys = ["a", "b", "c", "d", "e"];
    const sent = Array.from({ length: 50 }, (_, at) => aRecord(topic, keys[at % 5] ?? "", String(at)));
    for (let at = 0; at < sent.length; at += 10) await producer.send(sent.slice(at, at + 10));
    await using consumer = collect(topic);
    await eventually(() => assert.equal(distinct(consumer), 50));
    for (const key of keys) {
      const ofKey = firstOfEach(consumer.received).filter((record) => text.decode(record.key) === key);
      const expected = sent.filter((record) => record.key === key).map(({ value }) => text.decode(value));
      assert.deepEqual(ofKey.map(({ value }) => text.decode(value)), expected);
      assert.equal(new Set(ofKey.map(({ partition }) => partition)).size, 1);
    }
    const [first] = consumer.received;
    assert.equal(text.decode(first?.headers.get("name")), "wert");
  });

  await t.step("go to the partition of their key that Java's clients choose", async () => {
    const topic = await kafka.newTopic();
    // What Kafka's own `Utils.murmur2` makes of them, over three partitions.
    const partitionOf = { a: 1, b: 2, engine: 0, order: 2, wing: 1 };
    await producer.send(Object.keys(partitionOf).map((key) => aRecord(topic, key, key)));
    await using consumer = collect(topic);
    await eventually(() => assert.equal(distinct(consumer), Object.keys(partitionOf).length));
    const found = consumer.received.map(({ key, partition }) => [text.decode(key), partition]);
    assert.deepEqual(Object.fromEntries(found), partitionOf);
  });

  await t.step("without key or value, or with bytes that are no text, arrive as they are", async () => {
    const topic = await kafka.newTopic();
    await producer.send([
      { topic, key: undefined, value: undefined, headers: new Map() },
      {
        topic,
        key: new Uint8Array([0xff]),
        value: new Uint8Array([0x80]),
        headers: new Map([["h", new Uint8Array([0xfe])]]),
      },
    ]);
    await using consumer = collect(topic);
    await eventually(() => assert.equal(consumer.received.length, 2));
    const [bare, binary] = consumer.received.toSorted((a, b) =>
      Number(a.key !== undefined) - Number(b.key !== undefined)
    );
    assert.deepEqual([bare?.key, bare?.value], [undefined, undefined]);
    assert.deepEqual([...binary?.value ?? []], [0x80]);
    assert.deepEqual([...binary?.headers.get("h") ?? []], [0xfe]);
  });

  await t.step(
    "are handled once if the handler succeeds, also after the consumer has started again",
    async () => {
      const topic = await kafka.newTopic();
      const groupId = crypto.randomUUID();
      {
        await using first = collect(topic, groupId);
        await producer.send([aRecord(topic, "k", "first")]);
        await eventually(() => assert.deepEqual(first.values(), ["first"]));
      }
      await using second = collect(topic, groupId);
      await producer.send([aRecord(topic, "k", "second")]);
      await eventually(() => assert.deepEqual(second.values(), ["second"]));
    },
  );

  await t.step("come again, before those behind them, if the handler fails", async () => {
    const topic = await kafka.newTopic();
    await producer.send(["1", "2"].map((value) => aRecord(topic, "k", value)));
    const handled: string[] = [];
    await using _consumer = consume(topic, ({ value }) => {
      handled.push(text.decode(value));
      return handled.length === 1 ? Promise.reject(new Error("not yet")) : Promise.resolve();
    });
    await eventually(() => assert.deepEqual(handled, ["1", "1", "2"]));
  });

  await t.step(
    "in hand when the consumer closes are finished and committed, and the next one is not begun",
    async () => {
      const topic = await kafka.newTopic();
      const groupId = crypto.randomUUID();
      await producer.send(["1", "2"].map((value) => aRecord(topic, "k", value)));
      const [begun, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const handled: string[] = [];
      const consumer = consume(topic, async ({ value }) => {
        begun.resolve();
        await finish.promise;
        handled.push(text.decode(value));
      }, groupId);
      await begun.promise;
      const closed = consumer[Symbol.asyncDispose]();
      finish.resolve();
      await closed;
      assert.deepEqual(handled, ["1"]);
      await using next = collect(topic, groupId);
      await eventually(() => assert.deepEqual(next.values(), ["2"]));
    },
  );

  await t.step(
    "are shared by the members of a group, each handled by one, while members come and go",
    async () => {
      const topic = await kafka.newTopic();
      const groupId = crypto.randomUUID();
      const first = collect(topic, groupId);
      const send = (from: number) =>
        producer.send(Array.from({ length: 60 }, (_, at) => aRecord(topic, String(at), String(from + at))));
      await send(0);
      await eventually(() => assert.equal(first.received.length, 60));
      await using second = collect(topic, groupId);
      let sent = 60;
      await eventually(async () => {
        await send(sent);
        sent += 60;
        assert(second.received.length > 0);
      });
      await eventually(() => assert.equal(distinct(first, second), sent));
      await first[Symbol.asyncDispose]();
      await send(sent);
      sent += 60;
      await eventually(() => assert.equal(distinct(first, second), sent));
    },
  );

  await t.step("are sent and received again once a broker that was killed is back", async () => {
    const topic = await kafka.newTopic();
    await using consumer = collect(topic);
    await producer.send([aRecord(topic, "k", "before")]);
    await eventually(() => assert.deepEqual(consumer.values(), ["before"]));
    await kafka.backing.kafka.kill();
    await assert.rejects(producer.send([aRecord(topic, "k", "lost")]), isOutage);
    await kafka.backing.kafka.start();
    await eventually(() => producer.send([aRecord(topic, "k", "after")]));
    await eventually(() => assert.equal(consumer.values().at(-1), "after"));
  });

  await t.step("are sent and received again once a broker that was frozen continues", async () => {
    const topic = await eventually(() => kafka.newTopic());
    await using consumer = collect(topic);
    await producer.send([aRecord(topic, "k", "before")]);
    await eventually(() => assert.deepEqual(consumer.values(), ["before"]));
    await kafka.backing.kafka.pause();
    // This takes as long as the consumer's session lasts.
    await assert.rejects(producer.send([aRecord(topic, "k", "late")]), isOutage);
    await kafka.backing.kafka.resume();
    await eventually(() => producer.send([aRecord(topic, "k", "after")]));
    await eventually(() => assert.equal(consumer.values().at(-1), "after"));
  });

  await t.step("don't keep a consumer from closing while Kafka is down", async () => {
    const topic = await eventually(() => kafka.newTopic());
    const idle = collect(topic);
    await producer.send([aRecord(topic, "k", "1")]);
    await eventually(() => assert.deepEqual(idle.values(), ["1"]));
    await kafka.backing.kafka.kill();
    await idle[Symbol.asyncDispose]();
    await using _neverJoined = collect(topic);
  });
});

/** Starts a TLS server before a port of this machine. */
async function startTlsFront({ cert, key }: Certificate, target: number) {
  const [certificate, secret] = await Promise.all([cert, key].map((path) => Deno.readTextFile(path)));
  const sockets = new Set<Socket>();
  const server = createServer({ cert: certificate, key: secret }, (near) => {
    const far = connect(target, "127.0.0.1");
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy()).on("close", () => to.destroy()).pipe(to);
    }
  });
  // A client that does not trust the certificate ends the handshake.
  server.on("tlsClientError", () => {});
  const port = freePort();
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function aRecord(topic: string, key: string, value: string) {
  return {
    topic,
    key,
    value: bytes.encode(value),
    headers: new Map([["name", "wert"]]),
  } satisfies KafkaRecord;
}

/** Without those that came twice, as any record may. */
function firstOfEach(received: readonly ReceivedRecord[]): readonly ReceivedRecord[] {
  const values = received.map(({ value }) => text.decode(value));
  return received.filter((_, at) => values.indexOf(values[at] ?? "") === at);
}

function isOutage(error: unknown): boolean {
  return error instanceof Unavailable || error instanceof DeadlineExceeded;
}

/** How many different values all of them have received: one may come twice when partitions change hands. */
function distinct(...consumers: readonly { values(): readonly string[] }[]): number {
  return new Set(consumers.flatMap((consumer) => consumer.values())).size;
}
