import { Failure, type FailureKind } from "../core/failure.ts";
import { pauseFor } from "../core/pause.ts";
import { adoptRequestId, runWithRequest } from "../core/request_context.ts";
import type { ReceivedRecord } from "../kafka/consumer.ts";
import type { KafkaProducer } from "../kafka/producer.ts";
import type { Logger } from "../log/logger.ts";
import { toDeadLetter } from "./dead_letter.ts";
import { REQUEST_ID_HEADER } from "./headers.ts";
import { BrokenEvent, type Subscription } from "./subscription.ts";

/** Parts of {@linkcode createHandleEvent}. */
export interface HandleEventParts {
  readonly subscriptions: readonly Subscription[];
  /** Sends dead letters. */
  readonly producer: Pick<KafkaProducer, "send">;
  readonly log: Logger;
  /** Waits between two tries; tests pass their own. */
  readonly pause?: typeof pauseFor;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;

/** How often a fault of ours, which may be one of the moment, is tried. */
const FAULT_ATTEMPTS = 5;

/** Whether a failure may pass, so that the event waits and those behind it too, or never will. */
const MAY_PASS: Readonly<Record<FailureKind, boolean>> = {
  unavailable: true,
  deadline_exceeded: true,
  resource_exhausted: true,
  aborted: true,
  // Our own credentials are wrong, which an operator mends.
  unauthenticated: true,
  permission_denied: true,
  invalid_argument: false,
  not_found: false,
  already_exists: false,
  failed_precondition: false,
  unprocessable: false,
};

/**
 * Creates the handler of records: it tries each until its event is handled, with growing pauses, or makes it a dead letter
 * if that can never be. It rejects only when the consumer closes meanwhile.
 */
export function createHandleEvent(
  { subscriptions, producer, log, pause = pauseFor }: HandleEventParts,
): (record: ReceivedRecord, closing: AbortSignal) => Promise<void> {
  const byTopic = new Map(subscriptions.map((subscription) => [subscription.topic, subscription]));

  /** Tries work until it succeeds or `isHopeless` says of an error that it never will, which is returned. */
  const insist = async (
    work: () => Promise<void>,
    isHopeless: (error: unknown, attempt: number) => boolean,
    facts: object,
    closing: AbortSignal,
  ): Promise<{ readonly error: unknown; readonly attempts: number } | undefined> => {
    for (let attempt = 1, pauseMs = FIRST_PAUSE_MS;; attempt++) {
      try {
        await work();
        return undefined;
      } catch (error) {
        if (closing.aborted) throw error;
        if (isHopeless(error, attempt)) return { error, attempts: attempt };
        log.warn({ err: error, ...facts, attempt }, "event not handled; will retry");
        await pause(pauseMs, closing);
        if (closing.aborted) throw error;
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  };

  return async (record, closing) => {
    const { topic, partition, offset, headers } = record;
    const facts = { topic, partition, offset: String(offset) };
    const requestId = adoptRequestId(textOf(headers.get(REQUEST_ID_HEADER)));
    await runWithRequest({ requestId, deadline: Infinity }, async () => {
      const handle = async () => await byTopic.get(topic)?.read(record)();
      const failed = await insist(handle, isHopeless, facts, closing);
      if (failed === undefined) return;
      const { error, attempts } = failed;
      const letter = toDeadLetter(record, reasonOf(error), attempts);
      await insist(() => producer.send([letter]), () => false, facts, closing);
      log.error({ err: error, ...facts, attempts }, "event can't be handled; moved to the dead letters");
    });
  };
}

function isHopeless(error: unknown, attempt: number): boolean {
  if (error instanceof BrokenEvent) return true;
  return error instanceof Failure ? !MAY_PASS[error.kind] : attempt >= FAULT_ATTEMPTS;
}

/** Of an error that is a fault of ours only the name: its message may hold anything. */
function reasonOf(error: unknown): string {
  if (error instanceof Failure) return error.reason;
  if (error instanceof BrokenEvent) return `BROKEN_EVENT: ${error.message}`;
  return `FAULT: ${error instanceof Error ? error.name : typeof error}`;
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}
