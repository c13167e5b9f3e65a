import { LOG_FORMATS, LOG_LEVELS } from "../log/logger.ts";
import { duration, oneOf } from "./variable.ts";

/** The variables that every service reads. */
export const COMMON_VARIABLES = {
  logLevel: oneOf("LOG_LEVEL", "info", LOG_LEVELS),
  logFormat: oneOf("LOG_FORMAT", Deno.stdout.isTerminal() ? "pretty" : "json", LOG_FORMATS),
  shutdownDelayMs: duration("SHUTDOWN_DELAY", "0s", "1h", 0),
  shutdownTimeoutMs: duration("SHUTDOWN_TIMEOUT", "10s", "1h"),
} as const;
