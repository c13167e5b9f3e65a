/**
 * The structured logger.
 *
 * @module
 */
export {
  createLogger,
  createLogOutput,
  flushLogs,
  LOG_FORMATS,
  LOG_LEVELS,
  type Logger,
  type LoggerOptions,
  type LogOutput,
} from "./logger.ts";
export { createRefusalLog } from "./refusals.ts";
