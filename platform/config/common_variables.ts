import { LOG_FORMATS, LOG_LEVELS } from "../log/logger.ts";
import { duration, oneOf, origins } from "./variable.ts";

/**
 * Where services may speak without TLS: on this machine only, or, with `allow`, also over networks that are protected in
 * another way.
 */
export const PLAINTEXT = oneOf("PLAINTEXT", "loopback", ["loopback", "allow"]);

/** The variables that every service reads. */
export const COMMON_VARIABLES = {
  logLevel: oneOf("LOG_LEVEL", "info", LOG_LEVELS),
  logFormat: oneOf("LOG_FORMAT", Deno.stdout.isTerminal() ? "pretty" : "json", LOG_FORMATS),
  plaintext: PLAINTEXT,
  shutdownDelayMs: duration("SHUTDOWN_DELAY", "0s", "1h", 0),
  shutdownTimeoutMs: duration("SHUTDOWN_TIMEOUT", "10s", "1h"),
} as const;

/** The variables of every service with a gRPC port. What describes a service is off unless it is wanted. ASVS 13.4.5. */
export const GRPC_DOOR_VARIABLES = {
  grpcReflection: oneOf("GRPC_REFLECTION", "off", ["on", "off"]),
} as const;

/** The variables of every service with an HTTP port. */
export const HTTP_DOOR_VARIABLES = {
  httpDocs: oneOf("HTTP_DOCS", "off", ["on", "off"]),
  corsOrigins: origins("CORS_ORIGINS"),
} as const;
