/**
 * Events between services: the relay that sends them, and the door that they come through. The outbox in which they wait
 * is apart, so that what only writes there does not load Kafka's library.
 *
 * @module
 */
export { createEventDoor, type EventDoorOptions } from "./event_door.ts";
export { createRelay, type Relay, type RelayOptions } from "./relay.ts";
export { subscribe, type Subscription } from "./subscription.ts";
