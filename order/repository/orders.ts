import { centsToDecimal } from "@rocket/platform/core";
import type { Postgres } from "@rocket/platform/postgres";
import type { ClaimedAnswer } from "../model/idempotency.ts";
import type { OrdersWanted, Position } from "../model/listing.ts";
import type { Order, OrderFacts, OrderStatus } from "../model/order.ts";
import type { UnpaidOrders } from "../model/unpaid_orders.ts";
import { answerOf } from "./claimed_answer.ts";
import { ORDER_COLUMNS, type OrderRow, toOrder } from "./order_row.ts";

/** The orders, in PostgreSQL. Every method throws `Unavailable` or `DeadlineExceeded` if it does not answer. */
export interface OrderRepository {
  /**
   * Adds an unpaid order and, in the same transaction, stores the answer of its claim. However many orders a user
   * places at once, the user never has more unpaid ones than the limit.
   *
   * @param extendAfterMs How long from now recovery leaves the order's reservation alone, in milliseconds.
   */
  add(
    order: OrderFacts,
    limit: UnpaidOrders,
    extendAfterMs: number,
    claimed?: ClaimedAnswer,
  ): Promise<AddOutcome>;
  /** Counts a user's unpaid orders and their pieces. */
  countUnpaid(userUuid: string): Promise<UnpaidOrders>;
  /** Finds a user's own order; not another user's. */
  findOfUser(userUuid: string, orderUuid: string): Promise<Order | undefined>;
  /** A user's orders, newest first, each with its position. */
  listOfUser(userUuid: string, wanted: OrdersWanted): Promise<readonly (readonly [Order, Position])[]>;
  /** Cancels an unpaid order whose payment has not begun. @returns False if it is not one. */
  cancel(orderUuid: string): Promise<boolean>;
  /** Marks a paid order as assembled. @returns False if it is not one. */
  assemble(orderUuid: string): Promise<boolean>;
  /** The status of any user's order; `undefined` if it does not exist. */
  statusOf(orderUuid: string): Promise<OrderStatus | undefined>;
  /**
   * Cancels unpaid orders that are overdue, the oldest first. Orders that another replica works on are skipped, so any
   * number of replicas may do this at once.
   *
   * @returns The cancelled orders, at most `limit`.
   */
  cancelOverdue(windowMs: number, limit: number): Promise<readonly string[]>;
}

/** The outcome of `add`; nothing is added unless it says so. */
export type AddOutcome = "added" | "claim lost" | "too many unpaid";

/** Creates the repository on the order service's database. */
export function createOrderRepository(postgres: Postgres): OrderRepository {
  return {
    async add({ orderUuid, userUuid, partUuids, totalPrice }, limit, extendAfterMs, claimed) {
      const price = centsToDecimal(totalPrice);
      const [row] = await postgres.query((sql) =>
        sql<[{ readonly is_allowed: boolean; readonly is_added: boolean }]>`
          with allowed as (
            select from lock_unpaid_orders(${userUuid})
            where unpaid_orders < ${limit.orders}::int
              and unpaid_pieces + ${partUuids.length}::int <= ${limit.pieces}::int
          ), ${answerOf(sql, claimed, sql`exists (select from allowed)`)}, added as (
            insert into orders (order_uuid, user_uuid, part_uuids, total_price, status, reservation_due_at)
            select ${orderUuid}, ${userUuid}, ${[...partUuids]}, ${price}, 'PENDING_PAYMENT',
              now() + ${extendAfterMs}::bigint * interval '1 millisecond'
            from answered
            returning order_uuid
          )
          select exists (select from allowed) as is_allowed, exists (select from added) as is_added`
      );
      if (row.is_added) return "added";
      return row.is_allowed ? "claim lost" : "too many unpaid";
    },

    async countUnpaid(userUuid) {
      const [row] = await postgres.query((sql) =>
        sql<[UnpaidOrders]>`
          select count(*)::int as orders, coalesce(sum(cardinality(part_uuids)), 0)::int as pieces
          from orders where user_uuid = ${userUuid} and status = 'PENDING_PAYMENT'`
      );
      return row;
    },

    async findOfUser(userUuid, orderUuid) {
      const [row] = await postgres.query((sql) =>
        sql<OrderRow[]>`
          select ${sql(ORDER_COLUMNS)}
          from orders where order_uuid = ${orderUuid} and user_uuid = ${userUuid}`
      );
      return row === undefined ? undefined : toOrder(row);
    },

    async listOfUser(userUuid, { limit, status, after }) {
      const rows = await postgres.query((sql) =>
        sql<(OrderRow & { readonly placed_at_micros: string })[]>`
          select ${
          sql(ORDER_COLUMNS)
        }, (extract(epoch from created_at) * 1000000)::bigint::text as placed_at_micros
          from orders where user_uuid = ${userUuid}
          ${status === undefined ? sql`` : sql`and status = ${status}`}
          ${
          after === undefined ? sql`` : sql`and (created_at, order_uuid) <
              (timestamptz 'epoch' + ${after.placedAtMicros}::bigint * interval '1 microsecond',
               ${after.orderUuid}::uuid)`
        }
          order by created_at desc, order_uuid desc limit ${limit}`
      );
      return rows.map((row) => [
        toOrder(row),
        { placedAtMicros: row.placed_at_micros, orderUuid: row.order_uuid },
      ]);
    },

    async cancel(orderUuid) {
      const cancelled = await postgres.query((sql) =>
        sql`update orders set status = 'CANCELLED', updated_at = now()
            where order_uuid = ${orderUuid} and status = 'PENDING_PAYMENT' and payment_started_at is null
            returning order_uuid`
      );
      return cancelled.length > 0;
    },

    async assemble(orderUuid) {
      const assembled = await postgres.query((sql) =>
        sql`update orders set status = 'ASSEMBLED', updated_at = now()
            where order_uuid = ${orderUuid} and status = 'PAID' returning order_uuid`
      );
      return assembled.length > 0;
    },

    async statusOf(orderUuid) {
      const [row] = await postgres.query((sql) =>
        sql<{ status: OrderStatus }[]>`select status from orders where order_uuid = ${orderUuid}`
      );
      return row?.status;
    },

    async cancelOverdue(windowMs, limit) {
      const cancelled = await postgres.query((sql) =>
        sql<{ order_uuid: string }[]>`
          update orders set status = 'CANCELLED', updated_at = now()
          where order_uuid = any (array(
            select order_uuid from orders
            where status = 'PENDING_PAYMENT' and payment_started_at is null
              and created_at < now() - ${windowMs}::bigint * interval '1 millisecond'
            order by created_at limit ${limit} for update skip locked))
          returning order_uuid`
      );
      return cancelled.map(({ order_uuid }) => order_uuid);
    },
  };
}
