/**
 * Events between services: the outbox in which they wait, the relay that sends them, and the door that they come through.
 *
 * @module
 */
export { createEventDoor, type EventDoorOptions } from "./event_door.ts";
export { createForgetOldEvents } from "./forget_old_events.ts";
export { createOutbox, encodeEvent, insertEvent, type Outbox, type OutboxEvent } from "./outbox.ts";
export { createRelay, type Relay, type RelayOptions } from "./relay.ts";
export { subscribe, type Subscription } from "./subscription.ts";
