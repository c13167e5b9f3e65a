import { createSignal, outsideRequestDeadline } from "@rocket/platform/core";
import { TooManyFollowed } from "../model/failures.ts";
import type { OrderStatus } from "../model/order.ts";
import type { StatusChanges } from "../repository/status_changes.ts";
import type { GetOrder } from "./get_order.ts";
import { isFinal, statusesUntil } from "./order_states.ts";

/** Who follows which order, and for how long. */
export interface OrderFollowing {
  readonly userUuid: string;
  readonly orderUuid: string;
  /** The last status that the follower knows. */
  readonly after: OrderStatus | undefined;
  /** Throws once the follower may see no more; asked each time before anything is sent. */
  readonly mayGoOn: () => Promise<unknown>;
  /** Ends the following. */
  readonly ending: AbortSignal;
}

/**
 * Tells an order's status and then each change of it, until none can follow. Without a last known status, begins with
 * the present one. `still waiting` comes at least every 15 seconds in between.
 *
 * @throws {OrderNotFound} if the user has no such order.
 * @throws {TooManyFollowed} if the user follows too many at this replica already.
 * @throws {Failure} if the following may not go on, or that can't be found out.
 */
export type FollowOrder = (following: OrderFollowing) => AsyncGenerator<OrderStatus | "still waiting", void>;

/** Parts of {@linkcode createFollowOrder}. */
export interface FollowOrderParts {
  readonly getOrder: GetOrder;
  readonly changes: StatusChanges;
  /** How long the status goes without being looked at, in milliseconds, if no change is heard of. */
  readonly lookEveryMs?: number;
}

/** How many orders a user may follow at once. */
const MAX_FOLLOWED = 10;

/** Creates the follow-order use case. */
export function createFollowOrder(
  { getOrder, changes, lookEveryMs = 15_000 }: FollowOrderParts,
): FollowOrder {
  const followed = new Map<string, number>();
  return async function* ({ userUuid, orderUuid, after, mayGoOn, ending }) {
    const count = followed.get(userUuid) ?? 0;
    if (count >= MAX_FOLLOWED) throw new TooManyFollowed(MAX_FOLLOWED);
    followed.set(userUuid, count + 1);
    // Watched before the first look, so that no change falls between the two.
    const change = createSignal();
    using _watching = changes.watch(orderUuid, change.raise);
    try {
      let { status } = await getOrder(userUuid, orderUuid);
      const way = statusesUntil(status);
      yield* after === undefined ? [status] : way.slice(way.indexOf(after) + 1);
      while (!isFinal(status) && !ending.aborted) {
        await change.wait(lookEveryMs, ending);
        if (ending.aborted) return;
        const { status: now } = await outsideRequestDeadline(async () => {
          await mayGoOn();
          return await getOrder(userUuid, orderUuid);
        });
        const way = statusesUntil(now);
        const news = way.slice(way.indexOf(status) + 1);
        yield* news.length > 0 ? news : ["still waiting" as const];
        status = now;
      }
    } finally {
      const left = (followed.get(userUuid) ?? 1) - 1;
      if (left === 0) followed.delete(userUuid);
      else followed.set(userUuid, left);
    }
  };
}
