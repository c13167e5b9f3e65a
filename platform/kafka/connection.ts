import type { BaseOptions, ConnectionPool } from "@platformatic/kafka";
import { readFileSync } from "node:fs";
import { type KafkaBroker, type KafkaLogin, SYSTEM_CA } from "../config/kafka_variables.ts";
import type { Secret } from "../config/secret.ts";
import { explainFailure } from "../core/explain_failure.ts";
import { HOP_LIMIT_MS } from "../core/deadline.ts";
import { StartError } from "../core/start_error.ts";

/** Where Kafka is and how to log in, as the variables of a service say. */
export interface KafkaAddress {
  readonly kafkaBrokers: readonly KafkaBroker[];
  readonly kafkaLogin: Secret<KafkaLogin> | null;
  /** The path of a PEM file, or `system`; `null` for connections without TLS. */
  readonly kafkaTlsCa: string | null;
}

/** The file that `KAFKA_TLS_CA` names can't be read. */
export class UnusableCertificates extends StartError {
  override readonly name = "UnusableCertificates";
}

/** How long the library waits before it repeats a request, in milliseconds. */
export const RETRY_PAUSE_MS = 200;

/**
 * Options that all clients of the library share.
 *
 * @throws {UnusableCertificates}
 */
export function connectionOptions({ kafkaBrokers, kafkaLogin, kafkaTlsCa }: KafkaAddress) {
  return {
    clientId: "rocket",
    // The library takes IPv6 addresses without brackets.
    bootstrapBrokers: kafkaBrokers.map(({ host, port }) => ({
      host: host.replace(/^\[(.*)\]$/, "$1"),
      port,
    })),
    connectTimeout: HOP_LIMIT_MS,
    retryDelay: RETRY_PAUSE_MS,
    // Topics are created by name, with their partitions; a misspelt name must not create one.
    autocreateTopics: false,
    ...(kafkaLogin && { sasl: loginOf(kafkaLogin) }),
    ...(kafkaTlsCa !== null && { tls: trust(kafkaTlsCa) }),
  } satisfies BaseOptions;
}

/**
 * Keeps a connection's second error from ending the process. The library has no listener left for it, and Node throws an
 * error event without a listener. The caller that waits for the connection gets the first error.
 */
export function surviveLateErrors(pool: ConnectionPool): void {
  pool.on("connecting", ({ connection }) => connection.on("error", () => {}));
}

/** Takes the password at each connection, as it may have changed since the last one. */
function loginOf(login: Secret<KafkaLogin>) {
  return {
    mechanism: login.value.mechanism,
    username: () => login.value.username,
    password: () => login.value.password,
  };
}

function trust(path: string): { readonly ca?: string } {
  if (path === SYSTEM_CA) return {};
  try {
    return { ca: readFileSync(path, "utf8") };
  } catch (error) {
    throw new UnusableCertificates(`KAFKA_TLS_CA can't be used: ${explainFailure(error)}`, { cause: error });
  }
}
