import type { PartQuantity as ItemMessage, ReservePartsRequest } from "@rocket/proto/inventory";
import type { Duration } from "@rocket/proto/rpc";
import { collectViolations, parseUuid, UUID_RULE, type ViolationCollector } from "@rocket/platform/core";
import type { PartQuantity, ReservationRequest } from "../model/reservation.ts";

/** The maximum number of items in a reservation, and of pieces in one item. */
const MOST = 100;

const SECOND_MS = 1_000;
const LONGEST_MS = 30 * 24 * 3_600 * SECOND_MS;

/**
 * Parses `ReservePartsRequest`.
 *
 * @throws {InvalidArgument} naming every field that breaks its rule, by its path in the request.
 */
export function parseReservePartsRequest(message: ReservePartsRequest): ReservationRequest {
  const { refuse, finish } = collectViolations();
  return finish({
    orderUuid: parseUuid(message.orderUuid) ?? refuse("order_uuid", UUID_RULE),
    items: parseItems(message.items, refuse),
    ttlMs: parseTtl(message.ttl) ?? refuse("ttl", "must be 1 second to 30 days"),
  });
}

type Refuse = ViolationCollector["refuse"];

function parseItems(items: readonly ItemMessage[], refuse: Refuse): readonly PartQuantity[] {
  if (items.length === 0 || items.length > MOST) {
    refuse("items", `must have 1 to ${MOST} items`);
    return [];
  }
  const seen = new Set<string>();
  return items.map(({ partUuid, quantity }, index) => {
    const field = `items[${index}]`;
    const parsed = parseUuid(partUuid) ?? refuse(`${field}.part_uuid`, UUID_RULE);
    if (parsed !== undefined && seen.has(parsed)) refuse(`${field}.part_uuid`, "must not be named again");
    if (parsed !== undefined) seen.add(parsed);
    if (quantity < 1 || quantity > MOST) refuse(`${field}.quantity`, `must be 1 to ${MOST}`);
    return { partUuid: parsed ?? "", quantity };
  });
}

/** @returns `undefined` if it is not a valid `google.protobuf.Duration` or is out of range. */
function parseTtl(ttl: Duration | undefined): number | undefined {
  if (ttl === undefined || ttl.nanos < 0 || ttl.nanos > 999_999_999) return undefined;
  const ms = ttl.seconds * SECOND_MS + ttl.nanos / 1e6;
  return ms >= SECOND_MS && ms <= LONGEST_MS ? ms : undefined;
}
