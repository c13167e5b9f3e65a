/**
 * `events.v1`: the messages on Kafka, and the topics that carry them.
 *
 * @module
 */
import { AccountEvent } from "./gen/events/v1/account.ts";
import { ShipAssembled } from "./gen/events/v1/assembly.ts";
import { type MessageFns, OrderPaid } from "./gen/events/v1/order.ts";

export { AccountEvent, AccountEventKind } from "./gen/events/v1/account.ts";
export { OrderPaid } from "./gen/events/v1/order.ts";
export { ShipAssembled } from "./gen/events/v1/assembly.ts";

export { document as eventsDocument } from "./gen/events/v1/events_document.ts";

/** A topic. It carries messages of one type. */
export interface Topic<Event extends { readonly eventUuid: string }> {
  readonly name: string;
  /** The full name of the message, e.g. `events.v1.OrderPaid`. */
  readonly eventType: string;
  readonly message: Pick<MessageFns<Event>, "encode" | "decode">;
  /** What an event is about: those of one key keep their order. */
  readonly keyOf: (event: Event) => string;
}

/** The orders that have been paid. */
export const ORDER_PAID: Topic<OrderPaid> = {
  name: "order.paid",
  eventType: "events.v1.OrderPaid",
  message: OrderPaid,
  keyOf: ({ orderUuid }) => orderUuid,
};

/** The orders whose ships have been assembled. */
export const ORDER_ASSEMBLED: Topic<ShipAssembled> = {
  name: "order.assembled",
  eventType: "events.v1.ShipAssembled",
  message: ShipAssembled,
  keyOf: ({ orderUuid }) => orderUuid,
};

/** What has happened to accounts and their sessions. */
export const IAM_ACCOUNT: Topic<AccountEvent> = {
  name: "iam.account",
  eventType: "events.v1.AccountEvent",
  message: AccountEvent,
  keyOf: ({ userUuid }) => userUuid,
};

/** Every topic. */
export const TOPICS = [ORDER_PAID, ORDER_ASSEMBLED, IAM_ACCOUNT] as const;
