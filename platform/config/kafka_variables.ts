import { dial } from "./net.ts";
import { integer, oneOf, optional, type SecretVariable, type Variable } from "./variable.ts";

/** A broker's address, as the broker itself announces it. */
export interface KafkaBroker {
  readonly host: string;
  readonly port: number;
}

/** How to log in to Kafka. */
export interface KafkaLogin {
  readonly mechanism: KafkaMechanism;
  readonly username: string;
  readonly password: string;
}

/** The SASL mechanisms that carry a user and a password. */
export type KafkaMechanism = (typeof MECHANISMS)[number];

const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;

/** `KAFKA_TLS_CA` for certificates that the runtime itself trusts. */
export const SYSTEM_CA = "system";

/** The variables of a service that uses Kafka. */
export const KAFKA_VARIABLES = {
  kafkaBrokers: kafkaBrokers("KAFKA_BROKERS"),
  kafkaLogin: optional(kafkaLogin("KAFKA_SASL")),
  kafkaTlsCa: optional(certificates("KAFKA_TLS_CA")),
  /** Whether to create missing topics at start, or only to check that they exist. */
  kafkaCreateTopics: oneOf("KAFKA_CREATE_TOPICS", "on", ["on", "off"]),
  kafkaPartitions: integer("KAFKA_PARTITIONS", 3, { min: 1, max: 10_000 }),
  /** How many brokers keep a copy; `null` leaves it to the cluster's default. */
  kafkaReplication: optional(integer("KAFKA_REPLICATION", 1, { min: 1, max: 100 })),
} as const;

/** The variables of a service that does its work without Kafka, too; its events wait then. */
export const OPTIONAL_KAFKA_VARIABLES = {
  ...KAFKA_VARIABLES,
  kafkaBrokers: optional(KAFKA_VARIABLES.kafkaBrokers),
} as const;

/** The configuration of Kafka, if a service has brokers. */
export function kafkaOf<Spec extends { readonly kafkaBrokers: readonly KafkaBroker[] | null }>(
  config: Spec,
): Spec & { readonly kafkaBrokers: readonly KafkaBroker[] } | undefined {
  const { kafkaBrokers } = config;
  return kafkaBrokers === null ? undefined : { ...config, kafkaBrokers };
}

/**
 * Kafka's brokers: `host:port,host:port`. All of them, by the addresses that they announce, since the process may dial
 * no others.
 */
function kafkaBrokers(name: string): Variable<readonly KafkaBroker[]> {
  const parse = (text: string) => {
    const brokers = text.split(",").map(parseBroker);
    return brokers.every((broker) => broker !== undefined) ? brokers : undefined;
  };
  return {
    name,
    secret: false,
    rule: "host:port of every broker, separated by commas",
    parse,
    net: (brokers) => brokers.flatMap(({ host, port }) => dial(`${host}:${port}`)),
  };
}

function parseBroker(text: string): KafkaBroker | undefined {
  const [, host = "", digits] = /^([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})$/.exec(text.trim()) ?? [];
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** A user of Kafka: `mechanism:user:password`. A secret, as it holds the password. */
function kafkaLogin(name: string): SecretVariable<KafkaLogin> {
  const parse = (text: string) => {
    const [, word = "", username = "", password = ""] = /^([^:]+):([^:]+):(.+)$/s.exec(text) ?? [];
    const mechanism = MECHANISMS.find((each) => each === word.toUpperCase());
    return mechanism && { mechanism, username, password };
  };
  const rule = `mechanism:user:password, the mechanism one of ${MECHANISMS.join(", ").toLowerCase()}`;
  return { name, secret: true, rule, parse };
}

/** The certificates that sign those of servers: a PEM file, or {@linkcode SYSTEM_CA}. */
function certificates(name: string): Variable<string> {
  return {
    name,
    secret: false,
    rule: `the path of a PEM file with the certificates to trust, or "${SYSTEM_CA}"`,
    parse: (text) => text.includes("\0") ? undefined : text,
    read: (path) => path === SYSTEM_CA ? [] : [path],
  };
}
