import type { Postgres } from "@rocket/platform/postgres";
import type { Order, OrderStatus } from "../model/order.ts";
import { ORDER_COLUMNS, type OrderRow, toOrder } from "./order_row.ts";

/**
 * Which orders still have their first, short reservation, in PostgreSQL. Every method throws `Unavailable` or
 * `DeadlineExceeded` if it does not answer.
 */
export interface ReservationRepository {
  /**
   * Notes that the pieces of an order are reserved until it can no longer be paid.
   *
   * @returns The order's status; `undefined` if there is no such order.
   */
  noteReserved(orderUuid: string): Promise<OrderStatus | undefined>;
  /**
   * Takes orders whose payment has not begun and whose pieces have not been noted as reserved in time. Orders that
   * another replica takes are skipped, so any number of replicas may do this at once.
   *
   * @param againAfterMs How long from now they are not taken again, in milliseconds.
   * @returns At most `limit` orders, the longest waiting first.
   */
  takeUnreserved(limit: number, againAfterMs: number): Promise<readonly Order[]>;
}

/** Creates the repository on the order service's database. */
export function createReservationRepository(postgres: Postgres): ReservationRepository {
  return {
    async noteReserved(orderUuid) {
      const [row] = await postgres.query((sql) =>
        sql<Pick<OrderRow, "status">[]>`
          update orders set reservation_due_at = null where order_uuid = ${orderUuid} returning status`
      );
      return row?.status;
    },

    async takeUnreserved(limit, againAfterMs) {
      const rows = await postgres.query((sql) =>
        sql<OrderRow[]>`
          update orders set reservation_due_at = now() + ${againAfterMs}::bigint * interval '1 millisecond'
          where order_uuid = any (array(
            select order_uuid from orders
            where status = 'PENDING_PAYMENT' and payment_started_at is null and reservation_due_at <= now()
            order by reservation_due_at limit ${limit} for update skip locked))
          returning ${sql(ORDER_COLUMNS)}`
      );
      return rows.map(toOrder);
    },
  };
}
