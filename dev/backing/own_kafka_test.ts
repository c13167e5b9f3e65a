import { KAFKA_VARIABLES, readConfig } from "@rocket/platform/config";
import { AccessRefused, DeadlineExceeded, Unavailable } from "@rocket/platform/core";
import { createKafkaAdmin, type KafkaAdmin, TopicsMissing } from "@rocket/platform/kafka";
import { eventually } from "@rocket/platform/testing/eventually";
import assert from "node:assert/strict";
import type { Backing } from "./backing.ts";
import { dropBackingData, startBacking } from "./start.ts";
import { dockerIsUsable, environmentFor, temporaryFolder } from "./testing/own_servers.ts";

const CREATE = { kafkaCreateTopics: "on", kafkaPartitions: 1, kafkaReplication: null } as const;
const CHECK = { ...CREATE, kafkaCreateTopics: "off" } as const;

for (const source of ["local", "docker"] as const) {
  const ignore = source === "docker" && !await dockerIsUsable(["kafka"]);
  const env = environmentFor(source);
  const start = (dataDir?: string) =>
    startBacking({ databases: [], stores: ["kafka"], env, ...(dataDir !== undefined && { dataDir }) });

  Deno.test(`${source}: a Kafka for one run`, { ignore }, async (t) => {
    await using stack = new AsyncDisposableStack();
    const backing = stack.use(await start());
    const admin = stack.use(open(backing));

    await t.step("reports where it comes from", () => {
      assert.equal(backing.source, source);
    });

    await t.step("listens on 127.0.0.1 and requires a password", async () => {
      assert.match(backing.kafkaVariables["KAFKA_BROKERS"] ?? "", /^127\.0\.0\.1:\d+$/);
      await admin.probe();
      for (const KAFKA_SASL of ["plain:rocket:wrong", "plain:other:wrong"]) {
        await using stranger = open({ kafkaVariables: { ...backing.kafkaVariables, KAFKA_SASL } });
        await assert.rejects(stranger.probe(), AccessRefused);
      }
      await using anonymous = open({ kafkaVariables: { ...backing.kafkaVariables, KAFKA_SASL: "" } });
      await assert.rejects(anonymous.probe(), Unavailable);
    });

    await t.step("keeps its data and its port over a stop and a start", async () => {
      await admin.needTopics(["stopped"], CREATE);
      await backing.kafka.stop();
      await assert.rejects(admin.probe(), Unavailable);
      await backing.kafka.start();
      await eventually(() => admin.needTopics(["stopped"], CHECK));
    });

    await t.step("keeps its data over a crash", async () => {
      await admin.needTopics(["crashed"], CREATE);
      await backing.kafka.kill();
      assert.equal(await backing.kafka.isRunning(), false);
      await backing.kafka.start();
      assert.equal(await backing.kafka.isRunning(), true);
      await eventually(() => admin.needTopics(["stopped", "crashed"], CHECK));
    });

    await t.step("does not answer while paused, and then continues", async () => {
      await backing.kafka.pause();
      await assert.rejects(admin.probe(), DeadlineExceeded);
      await backing.kafka.resume();
      await eventually(() => admin.probe());
    });

    await t.step("can be stopped twice and started twice", async () => {
      await backing.kafka.stop();
      await backing.kafka.stop();
      await backing.kafka.start();
      await backing.kafka.start();
      await eventually(() => admin.probe());
    });
  });

  Deno.test(`${source}: a paused Kafka is disposed of`, { ignore }, async () => {
    await using backing = await start();
    await backing.kafka.pause();
  });

  Deno.test(`${source}: topics that last`, { ignore }, async (t) => {
    await using stack = new AsyncDisposableStack();
    const { path: dataDir } = stack.use(await temporaryFolder());
    stack.defer(() => dropBackingData(dataDir));

    await t.step("are kept until the next run, on another port with another password", async () => {
      {
        await using backing = await start(dataDir);
        await using admin = open(backing);
        await admin.needTopics(["yesterday"], CREATE);
        await backing.kafka.kill();
      }
      await using backing = await start(dataDir);
      await using admin = open(backing);
      await eventually(() => admin.needTopics(["yesterday"], CHECK));
    });

    await t.step("are gone once dropped", async () => {
      await dropBackingData(dataDir);
      await using backing = await start(dataDir);
      await using admin = open(backing);
      await assert.rejects(admin.needTopics(["yesterday"], CHECK), TopicsMissing);
    });
  });
}

function open({ kafkaVariables }: Pick<Backing, "kafkaVariables">): KafkaAdmin {
  return createKafkaAdmin(readConfig(KAFKA_VARIABLES, (name) => kafkaVariables[name]));
}
