import type { Topic } from "@rocket/proto/events";
import { parseUuid } from "../core/uuid.ts";
import type { ReceivedRecord } from "../kafka/consumer.ts";

/** A topic, and what a service does with its events. */
export interface Subscription {
  readonly topic: string;
  /**
   * Decodes a record.
   *
   * @returns What handles the event.
   * @throws {BrokenEvent} if it is not an event of the topic.
   */
  read(record: ReceivedRecord): () => Promise<void>;
}

/** A record is not an event of its topic. The message says why, without its content. */
export class BrokenEvent extends Error {
  override readonly name = "BrokenEvent";
}

/**
 * Subscribes to a topic.
 *
 * @param handle Handles an event. It may come again, so the work and the inbox row with its `eventUuid` are written in one
 * transaction. A failure that may pass is waited out; one that can't is a dead letter.
 */
export function subscribe<Event extends { readonly eventUuid: string }>(
  { name, message, keyOf }: Topic<Event>,
  handle: (event: Event) => Promise<void>,
): Subscription {
  return {
    topic: name,
    read({ value, key }) {
      if (value === undefined) throw new BrokenEvent("it has no value");
      const event = decode(value, message);
      for (const [name, value] of Object.entries(event)) {
        const isBroken = name.endsWith("Uuid") && parseUuid(String(value)) === undefined;
        if (isBroken) throw new BrokenEvent(`${name} is not a UUID`);
      }
      // Else its order among the events of the same thing would be lost.
      if (new TextDecoder().decode(key) !== keyOf(event)) {
        throw new BrokenEvent("its key is not the one of its topic");
      }
      return () => handle(event);
    },
  };
}

function decode<Event extends { readonly eventUuid: string }>(
  value: Uint8Array,
  message: Topic<Event>["message"],
): Event {
  try {
    return message.decode(value);
  } catch (cause) {
    throw new BrokenEvent("it can't be decoded", { cause });
  }
}
