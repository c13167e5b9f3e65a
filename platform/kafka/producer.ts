import { Buffer } from "node:buffer";
import { compatibilityPartitioner, Producer } from "@platformatic/kafka";
import { withinHopDeadline } from "../core/deadline.ts";
import { connectionOptions, type KafkaAddress, RETRY_PAUSE_MS, surviveLateErrors } from "./connection.ts";
import { toFailure } from "./failure.ts";

/** A record to send. */
export interface KafkaRecord {
  readonly topic: string;
  /** Records of one key go to one partition, in order; the partition is the one that Java's clients choose. */
  readonly key: string | Uint8Array | undefined;
  readonly value: Uint8Array | undefined;
  readonly headers: ReadonlyMap<string, string | Uint8Array>;
}

/** Sends records. */
export interface KafkaProducer extends AsyncDisposable {
  /**
   * Sends records, and waits until all in-sync replicas have every one of them. After a failure some of them may have
   * been written, or may still be.
   *
   * @throws {AccessRefused | Unavailable | DeadlineExceeded}
   */
  send(records: readonly KafkaRecord[]): Promise<void>;
}

/** How long records may take to be written, in milliseconds: a broker that starts again takes some seconds. */
export const SEND_LIMIT_MS = 10_000;

const ALL_IN_SYNC_REPLICAS = -1;

/** Creates a producer that connects when it is first used. */
export function createKafkaProducer(address: KafkaAddress): KafkaProducer {
  const producer = new Producer({
    ...connectionOptions(address),
    requestTimeout: SEND_LIMIT_MS,
    // Not for longer than the caller waits.
    retries: SEND_LIMIT_MS / RETRY_PAUSE_MS,
  });
  surviveLateErrors(producer.connections);
  return {
    async send(records) {
      const options = {
        messages: records.map(encode),
        acks: ALL_IN_SYNC_REPLICAS,
        partitioner: compatibilityPartitioner,
      };
      try {
        await withinHopDeadline("kafka", () => producer.send(options), undefined, SEND_LIMIT_MS);
      } catch (error) {
        throw toFailure(error);
      }
    },
    [Symbol.asyncDispose]: () => producer.close(true),
  };
}

function encode({ topic, key, value, headers }: KafkaRecord) {
  return {
    topic,
    ...(key !== undefined && { key: Buffer.from(key) }),
    ...(value !== undefined && { value: Buffer.from(value) }),
    headers: new Map([...headers].map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
  };
}
