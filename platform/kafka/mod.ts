/**
 * The Kafka client.
 *
 * @module
 */
export { createKafkaAdmin, type KafkaAdmin, type TopicRules, TopicsMissing } from "./admin.ts";
export { type KafkaAddress, UnusableCertificates } from "./connection.ts";
export { consumeKafka, type KafkaConsumerOptions, type ReceivedRecord } from "./consumer.ts";
export { createKafkaProducer, type KafkaProducer, type KafkaRecord, SEND_LIMIT_MS } from "./producer.ts";
