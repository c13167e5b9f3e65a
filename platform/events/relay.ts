import { createSignal } from "../core/signal.ts";
import { HOP_LIMIT_MS } from "../core/deadline.ts";
import { DeadlineExceeded, Unavailable } from "../core/failure.ts";
import { repeatFullBatches } from "../core/batches.ts";
import type { Secret } from "../config/secret.ts";
import { createKafkaAdmin, type TopicRules, TopicsMissing } from "../kafka/admin.ts";
import type { KafkaAddress } from "../kafka/connection.ts";
import { createKafkaProducer, SEND_LIMIT_MS } from "../kafka/producer.ts";
import type { Logger } from "../log/logger.ts";
import { listen } from "../postgres/listener.ts";
import { createPostgres } from "../postgres/postgres.ts";
import { createOutboxReader } from "./outbox_reader.ts";

/** Options of {@linkcode createRelay}. */
export interface RelayOptions {
  /** The service whose events they are, e.g. `order`. */
  readonly source: string;
  /** The topics that its events go to; created before the first event is sent, if the rules say so. */
  readonly topics: readonly { readonly name: string }[];
  /** The database with the outbox. */
  readonly postgresUrl: string | Secret<string>;
  readonly kafka: KafkaAddress & TopicRules;
  readonly log: Logger;
  /** How often to look for events whose notification was lost, in milliseconds. */
  readonly everyMs?: number;
}

/** Sends a service's events on, with connections of its own. */
export interface Relay extends AsyncDisposable {
  /** The background work of the service. */
  readonly work: {
    readonly name: string;
    readonly everyMs: number;
    readonly run: (closing: AbortSignal) => Promise<void>;
    readonly pause: (ms: number, closing: AbortSignal) => Promise<void>;
  };
}

const BATCH = 100;
const LOOK_EVERY_MS = 1_000;

/**
 * Creates the relay that sends the events of an outbox to Kafka: at least once, those of one key in the order in which
 * they were written, however many replicas run it. Each event wakes it, and it also looks every second. While Kafka
 * or PostgreSQL is down the events wait.
 */
export function createRelay(options: RelayOptions): Relay {
  const { source, topics, postgresUrl, kafka, log, everyMs = LOOK_EVERY_MS } = options;
  const owned = new AsyncDisposableStack();
  const outbox = createOutboxReader(owned.use(createPostgres(postgresUrl, { connections: 1 })));
  const producer = owned.use(createKafkaProducer(kafka));
  const admin = owned.use(createKafkaAdmin(kafka));
  const written = createSignal();
  owned.use(listen({
    url: postgresUrl,
    channel: "outbox",
    onNotification: written.raise,
    onListening: written.raise,
    log,
  }));

  let hasTopics = false;
  let isDown = false;
  const sendAll = async (closing: AbortSignal) => {
    if (!hasTopics) await admin.needTopics(topics.map(({ name }) => name), kafka);
    hasTopics = true;
    await repeatFullBatches(BATCH, closing, async (limit) => {
      // Longer than Kafka may take, so that its answer is noted.
      return await outbox.sendUnsent(limit, source, producer, SEND_LIMIT_MS + HOP_LIMIT_MS);
    });
  };
  const run = async (closing: AbortSignal) => {
    try {
      await sendAll(closing);
      if (isDown) log.info("events are sent again");
      isDown = false;
    } catch (err) {
      if (!isOutage(err)) throw err;
      // A topic may have been deleted.
      hasTopics = false;
      if (!isDown) log.warn({ err }, "events wait to be sent");
      isDown = true;
    }
  };
  return {
    work: { name: "send events", everyMs, run, pause: written.wait },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function isOutage(error: unknown): boolean {
  return [Unavailable, DeadlineExceeded, TopicsMissing].some((kind) => error instanceof kind);
}
