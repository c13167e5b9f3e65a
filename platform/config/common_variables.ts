import { LOG_FORMATS, LOG_LEVELS } from "../log/logger.ts";
import { duration, oneOf } from "./variable.ts";

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
