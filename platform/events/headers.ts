/**
 * The headers of an event's record: CloudEvents' Kafka binding in binary mode (CloudEvents 1.0.2, Kafka protocol binding,
 * 3.2), with the request that caused it.
 *
 * @module
 */

/** What an event's headers say. */
export interface EventFacts {
  readonly eventUuid: string;
  /** The full name of the message, e.g. `events.v1.OrderPaid`. */
  readonly eventType: string;
  /** The service that it comes from. */
  readonly source: string;
  readonly at: Date;
  readonly requestId: string | null;
  /** W3C Trace Context of the request. */
  readonly traceparent: string | null;
}

/** The header with the identifier of the request. */
export const REQUEST_ID_HEADER = "x-request-id";

/** Writes the headers of an event. */
export function eventHeaders(
  { eventUuid, eventType, source, at, requestId, traceparent }: EventFacts,
): ReadonlyMap<string, string> {
  return new Map([
    ["ce_specversion", "1.0"],
    ["ce_id", eventUuid],
    ["ce_source", `/${source}`],
    ["ce_type", eventType],
    ["ce_time", at.toISOString()],
    ["content-type", "application/protobuf"],
    ...(traceparent === null ? [] : [["traceparent", traceparent] as const]),
    ...(requestId === null ? [] : [[REQUEST_ID_HEADER, requestId] as const]),
  ]);
}
