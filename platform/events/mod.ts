/**
 * Events between services: the outbox in which they wait.
 *
 * @module
 */
export { createForgetOldEvents } from "./forget_old_events.ts";
export { createOutbox, encodeEvent, insertEvent, type Outbox, type OutboxEvent } from "./outbox.ts";
