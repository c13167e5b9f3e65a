import { FailedPrecondition, NotFound } from "@rocket/platform/core";
import type { Shortage } from "./reservation.ts";

/** No part has this identifier. */
export class PartNotFound extends NotFound {
  constructor(uuid: string) {
    super("PART_NOT_FOUND", describeMissing(uuid));
  }
}

/** Some of the parts asked for do not exist; as many of those are named as fit. */
export class PartsNotFound extends NotFound {
  constructor(readonly partUuids: readonly string[]) {
    super("PART_NOT_FOUND", tellMany(partUuids.map(describeMissing)));
  }
}

/** Some parts have fewer pieces left than an order wants; as many of those are named as fit. */
export class InsufficientStock extends FailedPrecondition {
  constructor(readonly shortages: readonly Shortage[]) {
    super("STOCK_TOO_LITTLE", tellMany(shortages.map(describeShortage)));
  }
}

/** Other pieces are kept for the order, or were sold to it. */
export class ReservationDiffers extends FailedPrecondition {
  constructor(orderUuid: string) {
    super("RESERVATION_DIFFERS", `other pieces are kept for order ${orderUuid}`);
  }
}

/** Nothing is kept for the order, or no more. */
export class ReservationNotFound extends NotFound {
  constructor(orderUuid: string) {
    super("RESERVATION_NOT_FOUND", `nothing is kept for order ${orderUuid}`);
  }
}

/** The pieces kept for the order are sold. */
export class ReservationCommitted extends FailedPrecondition {
  constructor(orderUuid: string) {
    super("RESERVATION_COMMITTED", `the pieces kept for order ${orderUuid} are sold`);
  }
}

function describeMissing(uuid: string): string {
  return `part ${uuid} does not exist`;
}

function describeShortage({ partUuid, ordered, stock }: Shortage): string {
  return `part ${partUuid} has too little stock: ${ordered} ordered, ${stock} there`;
}

/**
 * How much is told of many things, in characters. It stands in the status and again in its details, both in headers,
 * of which a client may take no more than 8 KiB (grpc.io, "PROTOCOL-HTTP2"): past that it sees no status.
 */
const TOLD_LENGTH = 1_800;

function tellMany(sentences: readonly string[]): string {
  let length = 0;
  const told = sentences.filter((sentence) => (length += sentence.length) <= TOLD_LENGTH);
  const untold = sentences.length - told.length;
  return [...told, ...(untold > 0 ? [`and ${untold} more`] : [])].join("; ");
}
