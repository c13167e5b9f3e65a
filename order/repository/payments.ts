import { insertEvent, type OutboxEvent } from "@rocket/platform/outbox";
import type { Postgres } from "@rocket/platform/postgres";
import type { BegunOrder, PaymentMethod } from "../model/order.ts";
import { ORDER_COLUMNS, type OrderRow, toBegunOrder } from "./order_row.ts";

/** What is written in one transaction when an order is paid. */
export interface FinishedPayment {
  readonly orderUuid: string;
  readonly transactionUuid: string;
  readonly event: OutboxEvent;
}

/** The payments of orders, in PostgreSQL. Every method throws `Unavailable` or `DeadlineExceeded` if it does not answer. */
export interface PaymentRepository {
  /**
   * Records that a payment begins, before anything is charged; from then on the order can't be cancelled. A payment by
   * the same method that has already begun continues.
   *
   * @param recoverAfterMs How long from now recovery leaves the payment alone, in milliseconds.
   * @returns `undefined` if the order is not unpaid, or is being paid by another method.
   */
  begin(orderUuid: string, method: PaymentMethod, recoverAfterMs: number): Promise<BegunOrder | undefined>;
  /**
   * Marks an order as paid and, in the same transaction, writes its event to the outbox. Does nothing if it is marked
   * already.
   *
   * @returns Whether this call marked it.
   */
  finish(payment: FinishedPayment): Promise<boolean>;
  /**
   * Takes payments that were begun and not finished in time. Payments that another replica takes are skipped, so any
   * number of replicas may do this at once.
   *
   * @param againAfterMs How long from now they are not taken again, in milliseconds.
   * @returns At most `limit` orders, the longest waiting first.
   */
  takeUnfinished(limit: number, againAfterMs: number): Promise<readonly BegunOrder[]>;
}

/** Creates the repository on the order service's database. */
export function createPaymentRepository(postgres: Postgres): PaymentRepository {
  return {
    async begin(orderUuid, method, recoverAfterMs) {
      const [row] = await postgres.query((sql) =>
        sql<OrderRow[]>`
          update orders set payment_method = ${method}, payment_started_at = coalesce(payment_started_at, now()),
            payment_recovery_at = now() + ${recoverAfterMs}::bigint * interval '1 millisecond', updated_at = now()
          where order_uuid = ${orderUuid} and status = 'PENDING_PAYMENT'
            and (payment_method is null or payment_method = ${method})
          returning ${sql(ORDER_COLUMNS)}`
      );
      return row === undefined ? undefined : toBegunOrder(row);
    },

    async finish({ orderUuid, transactionUuid, event }) {
      const paid = await postgres.query((sql) =>
        sql`with paid as (
              update orders set status = 'PAID', transaction_uuid = ${transactionUuid},
                payment_recovery_at = null, updated_at = now()
              where order_uuid = ${orderUuid} and status = 'PENDING_PAYMENT' and payment_started_at is not null
              returning order_uuid),
            noted as (${insertEvent(sql, event, sql`from paid`)})
            select order_uuid from paid`
      );
      return paid.length > 0;
    },

    async takeUnfinished(limit, againAfterMs) {
      const rows = await postgres.query((sql) =>
        sql<OrderRow[]>`
          update orders set payment_recovery_at = now() + ${againAfterMs}::bigint * interval '1 millisecond'
          where order_uuid = any (array(
            select order_uuid from orders where payment_recovery_at <= now()
            order by payment_recovery_at limit ${limit} for update skip locked))
          returning ${sql(ORDER_COLUMNS)}`
      );
      return rows.map(toBegunOrder);
    },
  };
}
