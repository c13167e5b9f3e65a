/**
 * Environment variables, and the Deno permissions that follow from them.
 *
 * @module
 */
export { COMMON_VARIABLES, GRPC_DOOR_VARIABLES, HTTP_DOOR_VARIABLES, PLAINTEXT } from "./common_variables.ts";
export { type Config, readConfig, type Variables } from "./config.ts";
export { warnOfPlaintext } from "./plaintext.ts";
export { type Environment, fileVariable, InvalidConfig } from "./read_variable.ts";
export { Secret } from "./secret.ts";
export {
  KAFKA_VARIABLES,
  type KafkaBroker,
  type KafkaLogin,
  type KafkaMechanism,
  kafkaOf,
  OPTIONAL_KAFKA_VARIABLES,
  SYSTEM_CA,
} from "./kafka_variables.ts";
export { GRPC_TLS, GRPC_TLS_VARIABLES, HTTP_TLS, HTTP_TLS_VARIABLES } from "./tls_variables.ts";
export { storeTarget } from "./net.ts";
export { parseRedisUrl, type RedisAddress, type RedisLogin, type RedisTarget } from "./redis_url.ts";
export { denoFlags, type Files, printDenoFlags } from "./permissions.ts";
export {
  duration,
  folder,
  host,
  httpUrl,
  integer,
  oneOf,
  optional,
  origins,
  port,
  postgresUrl,
  proxies,
  rate,
  redisUrl,
  secretWord,
  target,
  type Variable,
} from "./variable.ts";
export { sender, smtpUrl } from "./mail_variables.ts";
