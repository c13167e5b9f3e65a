import { FailedPrecondition, NotFound } from "@rocket/platform/core";
import type { Shortage } from "./reservation.ts";

/** No part has this identifier. */
export class PartNotFound extends NotFound {
  constructor(uuid: string) {
    super("PART_NOT_FOUND", describeMissing(uuid));
  }
}

/** Some of the requested parts do not exist. The message names as many of them as fit. */
export class PartsNotFound extends NotFound {
  constructor(readonly partUuids: readonly string[]) {
    super("PART_NOT_FOUND", joinBriefly(partUuids.map(describeMissing)));
  }
}

/** Some parts have fewer pieces left than an order needs. The message names as many of them as fit. */
export class InsufficientStock extends FailedPrecondition {
  constructor(readonly shortages: readonly Shortage[]) {
    super("STOCK_TOO_LITTLE", joinBriefly(shortages.map(describeShortage)));
  }
}

/** The order has a reservation for other pieces, or other pieces were sold to it. */
export class ReservationDiffers extends FailedPrecondition {
  constructor(orderUuid: string) {
    super("RESERVATION_DIFFERS", `other pieces are reserved for order ${orderUuid}`);
  }
}

/** The order has no reservation, or it has expired. */
export class ReservationNotFound extends NotFound {
  constructor(orderUuid: string) {
    super("RESERVATION_NOT_FOUND", `no pieces are reserved for order ${orderUuid}`);
  }
}

/** The reserved pieces of the order have been sold. */
export class ReservationCommitted extends FailedPrecondition {
  constructor(orderUuid: string) {
    super("RESERVATION_COMMITTED", `the pieces reserved for order ${orderUuid} have been sold`);
  }
}

function describeMissing(uuid: string): string {
  return `part ${uuid} does not exist`;
}

function describeShortage({ partUuid, ordered, stock }: Shortage): string {
  return `part ${partUuid} has too little stock: ${ordered} ordered, ${stock} available`;
}

/**
 * The maximum length of a message that lists many things, in characters. The message is sent twice, in the status and in
 * its details. Both are headers, and a client that accepts no more than 8 KiB of headers (grpc.io, "PROTOCOL-HTTP2")
 * would otherwise see no status.
 */
const MAX_LENGTH = 1_800;

function joinBriefly(sentences: readonly string[]): string {
  let length = 0;
  const listed = sentences.filter((sentence) => (length += sentence.length) <= MAX_LENGTH);
  const omitted = sentences.length - listed.length;
  return [...listed, ...(omitted > 0 ? [`and ${omitted} more`] : [])].join("; ");
}
