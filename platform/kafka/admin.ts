import { Admin } from "@platformatic/kafka";
import { setTimeout as sleep } from "node:timers/promises";
import { withinHopDeadline } from "../core/deadline.ts";
import { StartError } from "../core/start_error.ts";
import { connectionOptions, type KafkaAddress, RETRY_PAUSE_MS, surviveLateErrors } from "./connection.ts";
import { isKafkaError, toFailure } from "./failure.ts";

/** What is asked of Kafka itself rather than of a topic. */
export interface KafkaAdmin extends AsyncDisposable {
  /**
   * Asks whether Kafka answers, with a broker that takes requests.
   *
   * @throws {AccessRefused | Unavailable | DeadlineExceeded}
   */
  probe(): Promise<void>;
  /**
   * Makes sure that topics exist. Any number of replicas may do this at once.
   *
   * @throws {TopicsMissing} if one is missing and must not be created.
   * @throws {AccessRefused | Unavailable | DeadlineExceeded}
   */
  needTopics(topics: readonly string[], rules: TopicRules): Promise<void>;
}

/** Whether and how missing topics are created, as the variables of a service say. */
export interface TopicRules {
  readonly kafkaCreateTopics: "on" | "off";
  readonly kafkaPartitions: number;
  /** `null` for the cluster's default. */
  readonly kafkaReplication: number | null;
}

/** Kafka lacks topics, and `KAFKA_CREATE_TOPICS` is `off`; the message names them. */
export class TopicsMissing extends StartError {
  override readonly name = "TopicsMissing";

  constructor(topics: readonly string[]) {
    super(`Kafka has no topic ${topics.join(", ")}: create it, or set KAFKA_CREATE_TOPICS=on`);
  }
}

/** How long a new topic may be without leaders, in milliseconds. */
const LEADERS_LIMIT_MS = 10_000;

/** Creates a client that connects when it is first used. */
export function createKafkaAdmin(address: KafkaAddress): KafkaAdmin {
  const admin = new Admin({ ...connectionOptions(address), retries: 0 });
  surviveLateErrors(admin.connections);
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await withinHopDeadline("kafka", question);
    } catch (error) {
      throw toFailure(error);
    }
  };
  const missingOf = async (topics: readonly string[]) => {
    const known = new Set(await ask(() => admin.listTopics({})));
    return topics.filter((topic) => !known.has(topic));
  };
  /** Waits for the leaders of new topics: until they are known, a batch may be written in part, and come twice. */
  const untilLed = async (topics: readonly string[]) => {
    const giveUpAt = performance.now() + LEADERS_LIMIT_MS;
    while (true) {
      try {
        const known = await ask(() => admin.metadata({ topics: [...topics], forceUpdate: true, retries: 0 }));
        const wanted = [...known.topics].map(([name, { partitionsCount }]) => ({
          name,
          partitions: Array.from(
            { length: partitionsCount },
            (_, at) => ({ partitionIndex: at, timestamp: -1n }),
          ),
        }));
        await ask(() => admin.listOffsets({ topics: wanted }));
        return;
      } catch (error) {
        if (performance.now() >= giveUpAt) throw error;
      }
      await sleep(RETRY_PAUSE_MS);
    }
  };
  return {
    async probe() {
      const { brokers } = await ask(() => admin.metadata({ topics: [], forceUpdate: true, retries: 0 }));
      if (brokers.size === 0) throw toFailure(new NoBrokers());
    },
    async needTopics(topics, { kafkaCreateTopics, kafkaPartitions, kafkaReplication }) {
      const missing = await missingOf(topics);
      if (missing.length === 0) return;
      if (kafkaCreateTopics === "off") throw new TopicsMissing(missing);
      await Promise.all(missing.map(async (topic) => {
        const wanted = {
          topics: [topic],
          partitions: kafkaPartitions,
          ...(kafkaReplication !== null && { replicas: kafkaReplication }),
        };
        try {
          await ask(() => admin.createTopics(wanted));
        } catch (error) {
          // Another replica was faster.
          if (!isKafkaError(error, "TOPIC_ALREADY_EXISTS")) throw error;
        }
      }));
      await untilLed(missing);
    },
    [Symbol.asyncDispose]: () => admin.close(),
  };
}

/** A broker that answers before it has joined its cluster knows no brokers. */
class NoBrokers extends Error {
  override readonly name = "NoBrokers";
  readonly code = "NO_BROKERS";

  constructor() {
    super("the cluster has no broker yet");
  }
}
