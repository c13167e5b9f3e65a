import { Consumer, type Message, type MessagesStream } from "@platformatic/kafka";
import type { Buffer } from "node:buffer";
import pTimeout from "p-timeout";
import { pauseFor } from "../core/pause.ts";
import type { Logger } from "../log/logger.ts";
import { connectionOptions, type KafkaAddress, surviveLateErrors } from "./connection.ts";
import { toFailure } from "./failure.ts";

/** A record that was received. */
export interface ReceivedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Uint8Array | undefined;
  readonly value: Uint8Array | undefined;
  readonly headers: ReadonlyMap<string, Uint8Array>;
}

/** Options of {@linkcode consumeKafka}. */
export interface KafkaConsumerOptions {
  readonly address: KafkaAddress;
  /** The consumers of one group share the partitions of its topics: those of all replicas of a service. */
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Called before the group is joined, and again until it resolves, e.g. to create the topics. */
  readonly prepare?: () => Promise<void>;
  /**
   * Handles one record after the other. The record is committed once this resolves, and comes again if it rejects or
   * the process dies: at least once. It may take any time; meanwhile the consumer keeps its partitions.
   *
   * @param closing Aborted when the consumer closes: a handler that waits then rejects.
   */
  readonly handle: (record: ReceivedRecord, closing: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

/** How soon another member may take over the partitions of one that has died, in milliseconds. */
const SESSION_TIMEOUT_MS = 10_000;
/** How long a rebalance waits for a member that handles a record, in milliseconds. */
const REBALANCE_TIMEOUT_MS = 30_000;
/** What one fetch may bring: records wait in memory until they are handled. */
const FETCH_BYTES = 1_048_576;
const FETCH_WAIT_MS = 1_000;
/** How long a commit may take, in milliseconds; then the member gives its place up and joins again. */
const COMMIT_LIMIT_MS = 5_000;
/** How long a member waits for Kafka when it leaves its group, in milliseconds. */
const LEAVE_LIMIT_MS = 2_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** Consumes topics as a member of a group, until it is disposed: the record in hand is handled and committed first. */
export function consumeKafka(options: KafkaConsumerOptions): AsyncDisposable {
  const closing = new AbortController();
  const consuming = keepConsuming(options, closing.signal);
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await consuming;
    },
  };
}

async function keepConsuming(options: KafkaConsumerOptions, closing: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!closing.aborted) {
    const beganAt = performance.now();
    try {
      await options.prepare?.();
      await using member = new Member(options, closing);
      await member.consume();
    } catch (error) {
      if (closing.aborted) return;
      const { groupId: group, topics, log } = options;
      log.warn({ err: toFailure(error), group, topics }, "consumer failed; joining its group again");
    }
    if (performance.now() - beganAt > LONGEST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
    await pauseFor(pauseMs, closing);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

/** One membership of the group, from joining it until it closes or fails. */
class Member implements AsyncDisposable {
  readonly #options: KafkaConsumerOptions;
  readonly #closing: AbortSignal;
  readonly #consumer: Consumer;
  #stream: Stream | undefined;
  #isHandling = false;
  /** Whether the records that were fetched may belong to another member by now, as the group has been rebalanced. */
  #isStale = false;
  #failure: Error | undefined;

  constructor(options: KafkaConsumerOptions, closing: AbortSignal) {
    this.#options = options;
    this.#closing = closing;
    this.#consumer = new Consumer({
      ...connectionOptions(options.address),
      groupId: options.groupId,
      // Under the newer protocol a second member may wait long for its first partition.
      groupProtocol: "classic",
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: SESSION_TIMEOUT_MS / 5,
      requestTimeout: REBALANCE_TIMEOUT_MS + SESSION_TIMEOUT_MS,
      retries: true,
    });
    surviveLateErrors(this.#consumer.connections);
    this.#consumer.on("consumer:group:join", () => {
      this.#isStale = true;
      this.#endWait();
    });
    this.#consumer.on("error", (error: Error) => this.#fail(error));
    this.#consumer.on(
      "consumer:heartbeat:stalled",
      ({ lastError }) => this.#fail(lastError ?? new NoHeartbeat()),
    );
    closing.addEventListener("abort", this.#endWait);
  }

  /** Resolves once it closes. */
  async consume(): Promise<void> {
    while (!this.#closing.aborted) {
      const next = await this.#open();
      // After the next one is open: the last stream of a topic takes the topic's subscription with it, and subscribing
      // again would rebalance the group, whose members would then do the same, for ever.
      await this.#stream?.close();
      this.#stream = next;
      this.#isStale = false;
      await this.#handleRecords(next);
      if (this.#failure !== undefined) throw this.#failure;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.removeEventListener("abort", this.#endWait);
    const leave = async () => {
      await this.#stream?.close();
      await this.#consumer.close(true);
    };
    try {
      await pTimeout(leave(), { milliseconds: LEAVE_LIMIT_MS });
    } catch (err) {
      // Others get its partitions once its session is over.
      this.#options.log.info(
        { err, group: this.#options.groupId },
        "consumer did not leave its group in time",
      );
    }
  }

  /** Joins the group, unless it is a member, and fetches from the committed offsets. Waits while Kafka is down. */
  #open(): Promise<Stream> {
    const opening = this.#consumer.consume({
      topics: [...this.#options.topics],
      autocommit: false,
      mode: "committed",
      fallbackMode: "earliest",
      maxBytes: FETCH_BYTES,
      maxWaitTime: FETCH_WAIT_MS,
      highWaterMark: 64,
    });
    return pTimeout(opening, { milliseconds: Infinity, signal: this.#closing });
  }

  async #handleRecords(stream: Stream): Promise<void> {
    surviveLateErrors(stream.connections);
    for await (const message of stream.iterator({ destroyOnReturn: false })) {
      if (this.#isOver()) return;
      this.#isHandling = true;
      try {
        await this.#options.handle(toRecord(message), this.#closing);
        // Else this would set back the offset of the member that has the partition by now.
        if (this.#owns(message)) {
          await pTimeout(Promise.resolve(message.commit()), { milliseconds: COMMIT_LIMIT_MS });
        }
      } finally {
        this.#isHandling = false;
      }
      if (this.#isOver()) return;
    }
  }

  #isOver(): boolean {
    return this.#closing.aborted || this.#isStale || this.#failure !== undefined;
  }

  #owns({ topic, partition }: Message): boolean {
    const assigned = this.#consumer.assignments?.find((each) => each.topic === topic);
    return assigned?.partitions.includes(partition) ?? false;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#endWait();
  }

  /** Ends the wait for the next record. A record in hand is committed first: a stream that closes would not. */
  readonly #endWait = (): void => {
    if (!this.#isHandling) this.#stream?.close().catch((error: Error) => this.#failure ??= error);
  };
}

/** The heartbeats of a member get no answer: the group may have replaced it. */
class NoHeartbeat extends Error {
  override readonly name = "NoHeartbeat";
}

function toRecord({ topic, partition, offset, key, value, headers }: Message): ReceivedRecord {
  const text = new TextDecoder();
  return {
    topic,
    partition,
    offset,
    // Either may be absent, whatever the library's types say.
    key: key as Uint8Array | undefined,
    value: value as Uint8Array | undefined,
    headers: new Map([...headers].map(([name, bytes]) => [text.decode(name), bytes])),
  };
}
