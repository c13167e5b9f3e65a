import { fetchOrderApi } from "./order_client.ts";
import type { System } from "./system.ts";

/** Which order to follow, in which session. */
export interface Following {
  readonly sessionUuid: string;
  readonly orderUuid: string;
  /** `Last-Event-ID`. */
  readonly after?: string;
}

/** An order that is followed. Disposing it hangs up. */
export interface FollowedOrder extends AsyncDisposable {
  readonly response: Response;
  /** Waits for the next event. @returns Its fields by name, or `undefined` at the end of the stream. */
  next(): Promise<Readonly<Record<string, string>> | undefined>;
}

/** Follows an order. @param system Where order is: its `orderUrl`. */
export async function followOrder(
  system: Pick<System, "orderUrl">,
  { sessionUuid, orderUuid, after }: Following,
): Promise<FollowedOrder> {
  const hangUp = new AbortController();
  const response = await fetchOrderApi(system, `/api/v1/orders/${orderUuid}/events`, sessionUuid, {
    headers: after === undefined ? {} : { "Last-Event-ID": after },
    signal: hangUp.signal,
  });
  const chunks = (response.body ?? ReadableStream.from([])).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    response,
    async next() {
      while (true) {
        const [event, rest] = text.split(/\n\n(.*)/s, 2);
        if (event !== undefined && rest !== undefined) {
          text = rest;
          if (event.startsWith(":")) continue;
          return Object.fromEntries(event.split("\n").map((line) => line.split(/: (.*)/s, 2)));
        }
        const { done, value } = await chunks.read();
        if (done) return undefined;
        text += value;
      }
    },
    async [Symbol.asyncDispose]() {
      hangUp.abort();
      await chunks.cancel().catch(() => {});
    },
  };
}
