/**
 * Events between services: the outbox in which they wait.
 *
 * @module
 */
export {
  createOutboxEvent,
  type EventAddress,
  insertEvent,
  insertEvents,
  type OutboxEvent,
} from "./outbox.ts";
