import { OrderPaid } from "@rocket/proto/events";
import assert from "node:assert/strict";
import type { OrderAlone } from "./order_alone.ts";

/** The events of an order in the outbox. */
export async function eventsOf({ sql }: OrderAlone, orderUuid: string): Promise<readonly OrderPaid[]> {
  const rows = await sql<{ event_uuid: string; topic: string; event_type: string; payload: Uint8Array }[]>`
    select event_uuid, topic, event_type, payload from outbox where key = ${orderUuid}`;
  return rows.map(({ event_uuid, topic, event_type, payload }) => {
    assert.equal(topic, "order.paid");
    assert.equal(event_type, "events.v1.OrderPaid");
    const event = OrderPaid.decode(payload);
    assert.equal(event.eventUuid, event_uuid);
    return event;
  });
}
