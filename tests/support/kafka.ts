import { type Backing, startBacking } from "@rocket/dev";
import { KAFKA_VARIABLES, readConfig } from "@rocket/platform/config";
import { createKafkaAdmin, type KafkaAddress } from "@rocket/platform/kafka";

/** A Kafka of a suite's own. */
export interface OwnKafka extends AsyncDisposable {
  readonly backing: Backing;
  readonly address: KafkaAddress;
  /** Creates a topic with a name of its own, and three partitions. */
  newTopic(): Promise<string>;
}

/** Starts a Kafka. */
export async function startOwnKafka(): Promise<OwnKafka> {
  await using starting = new AsyncDisposableStack();
  const backing = starting.use(
    await startBacking({ databases: [], stores: ["kafka"], env: Deno.env.toObject() }),
  );
  const address = kafkaAddress(backing);
  const admin = starting.use(createKafkaAdmin(address));
  const owned = starting.move();
  return {
    backing,
    address,
    async newTopic() {
      const topic = `topic-${crypto.randomUUID()}`;
      await admin.needTopics([topic], address);
      return topic;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Reads where the Kafka of a backing is, as a service does. */
export function kafkaAddress({ kafkaVariables }: Pick<Backing, "kafkaVariables">) {
  return readConfig(KAFKA_VARIABLES, (name) => kafkaVariables[name]);
}
