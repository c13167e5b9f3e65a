import type { Door } from "../core/door.ts";
import { createKafkaAdmin, type TopicRules } from "../kafka/admin.ts";
import type { KafkaAddress } from "../kafka/connection.ts";
import { consumeKafka } from "../kafka/consumer.ts";
import { createKafkaProducer } from "../kafka/producer.ts";
import type { Logger } from "../log/logger.ts";
import { deadLetterTopic } from "./dead_letter.ts";
import { createHandleEvent } from "./handle_event.ts";
import type { Subscription } from "./subscription.ts";

/** Options of {@linkcode createEventDoor}. */
export interface EventDoorOptions {
  /** The service, whose replicas share the events: the name of its group. */
  readonly service: string;
  readonly subscriptions: readonly Subscription[];
  readonly kafka: KafkaAddress & TopicRules;
  readonly log: Logger;
}

/**
 * Creates the door that events come through, one after the other. The service is ready without it: while Kafka is down,
 * events are late.
 */
export function createEventDoor({ service, subscriptions, kafka, log }: EventDoorOptions): Door {
  const topics = subscriptions.map(({ topic }) => topic);
  return {
    open() {
      const owned = new AsyncDisposableStack();
      const admin = owned.use(createKafkaAdmin(kafka));
      const producer = owned.use(createKafkaProducer(kafka));
      owned.use(consumeKafka({
        address: kafka,
        groupId: service,
        topics,
        prepare: () => admin.needTopics([...topics, ...topics.map(deadLetterTopic)], kafka),
        handle: createHandleEvent({ subscriptions, producer, log }),
        log,
      }));
      return { address: topics.join(", "), close: () => owned.disposeAsync() };
    },
  };
}
