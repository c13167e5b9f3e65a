/**
 * `events.v1`: the messages on Kafka.
 *
 * @module
 */
export { AccountEvent, AccountEventKind } from "./gen/events/v1/account.ts";
export { OrderPaid } from "./gen/events/v1/order.ts";
export { ShipAssembled } from "./gen/events/v1/assembly.ts";
