/** The user with every right on a Kafka that we start. */
const USER = "rocket";

/** The identifier of every cluster that we start: 16 bytes in base64, as Kafka wants it. */
export const CLUSTER_ID = "cm9ja2V0LWZhY3RvcnktMQ";

/** Where one of our brokers listens. */
export interface KafkaListeners {
  /** For clients: what it binds, and what it tells them to dial; `host:port`. */
  readonly client: string;
  readonly advertised: string;
  /** For its own controller, `host:port`. */
  readonly controller: string;
}

/**
 * The settings of a broker, by the names of `server.properties`: one node that is its own controller, open to those who
 * know the password, made to start fast and to stay small.
 */
export function kafkaSettings(
  { client, advertised, controller }: KafkaListeners,
  password: string,
  data: string,
): Readonly<Record<string, string>> {
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${USER}" ` +
    `password="${password}" user_${USER}="${password}";`;
  return {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.voters": `1@${controller}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `CLIENT://${client},CONTROLLER://${controller}`,
    "advertised.listeners": `CLIENT://${advertised}`,
    "inter.broker.listener.name": "CLIENT",
    "listener.security.protocol.map": "CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
    "sasl.enabled.mechanisms": "PLAIN",
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
    "sasl.mechanism.controller.protocol": "PLAIN",
    "listener.name.client.plain.sasl.jaas.config": login,
    "listener.name.controller.plain.sasl.jaas.config": login,
    "log.dirs": data,
    // Topics are created by name, with their partitions.
    "auto.create.topics.enable": "false",
    // There is no second broker to keep a copy.
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    // No other consumer of a group is about to start.
    "group.initial.rebalance.delay.ms": "0",
    // A broker that was killed waits for the end of its own old session before it starts again.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    "log.cleaner.dedupe.buffer.size": "8388608",
  };
}

/** The URL of a broker of ours: `kafka://user:password@host:port`. */
export function kafkaUrl(host: string, port: number, password: string): string {
  return `kafka://${USER}:${password}@${host}:${port}`;
}

/** The variables that lead a service to the broker of a URL. */
export function kafkaVariables(url: string): Readonly<Record<"KAFKA_BROKERS" | "KAFKA_SASL", string>> {
  const { host, username, password } = new URL(url);
  return { KAFKA_BROKERS: host, KAFKA_SASL: `plain:${username}:${password}` };
}
