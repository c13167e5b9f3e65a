import type { ReceivedRecord } from "../kafka/consumer.ts";
import type { KafkaRecord } from "../kafka/producer.ts";

/** The topic for records of a topic that can't be handled. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}

/**
 * The record as a dead letter: as it was, and in its headers where it was, why it is dead and how often it was tried.
 *
 * @param reason Without personal data: many read it.
 */
export function toDeadLetter(record: ReceivedRecord, reason: string, attempts: number): KafkaRecord {
  const { topic, partition, offset, key, value, headers } = record;
  return {
    topic: deadLetterTopic(topic),
    key,
    value,
    headers: new Map<string, string | Uint8Array>([
      ...headers,
      ["dlq_topic", topic],
      ["dlq_partition", String(partition)],
      ["dlq_offset", String(offset)],
      ["dlq_reason", reason],
      ["dlq_attempts", String(attempts)],
    ]),
  };
}
