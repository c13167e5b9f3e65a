/**
 * The Kafka client.
 *
 * @module
 */
export { createKafkaAdmin, type KafkaAdmin, type TopicRules, TopicsMissing } from "./admin.ts";
export { KAFKA_FILES, type KafkaAddress, UnusableCertificates } from "./connection.ts";
