import type { Context } from "hono";
import { Unauthenticated } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import type { FollowOrder } from "../service/follow_order.ts";

/**
 * Answers with an order's statuses as Server-Sent Events, or 204 if none is to come, after which clients don't connect
 * again (WHATWG HTML, 9.2). What fails before the first status is answered as an error; what fails later ends the stream.
 */
export async function streamStatuses(
  c: Context,
  orderUuid: string,
  statuses: ReturnType<FollowOrder>,
  log: Logger,
): Promise<Response> {
  const first = await statuses.next();
  if (first.done) return c.body(null, 204);
  // A proxy that buffers would hold events back; nginx asks for this.
  const headers = { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" };
  if (c.req.raw.method === "HEAD") {
    await statuses.return();
    return c.body(null, 200, headers);
  }
  const events = async function* () {
    try {
      yield toEvent(orderUuid, first.value);
      for await (const status of statuses) yield toEvent(orderUuid, status);
    } catch (err) {
      if (!(err instanceof Unauthenticated)) log.warn({ err, order: orderUuid }, "order no longer followed");
    } finally {
      await statuses.return();
    }
  };
  return c.body(ReadableStream.from(events()).pipeThrough(new TextEncoderStream()), 200, headers);
}

function toEvent(orderUuid: string, status: string): string {
  if (status === "still waiting") return ": still waiting\n\n";
  const data = JSON.stringify({ order_uuid: orderUuid, status });
  return `event: status\ndata: ${data}\nid: ${status}\n\n`;
}
