import type { Postgres } from "@rocket/platform";
import { centsOfDecimal, centsToDecimal } from "../model/cents.ts";
import type { Order, Payment } from "../model/order.ts";

/** The orders, in PostgreSQL. Every method throws `Unavailable` or `DeadlineExceeded` where it does not answer. */
export interface OrderRepository {
  /** One insert. */
  add(order: Order): Promise<void>;
  /** Another user's order is not found. */
  findOfUser(userUuid: string, orderUuid: string): Promise<Order | undefined>;
}

interface OrderRow {
  readonly order_uuid: string;
  readonly user_uuid: string;
  readonly part_uuids: readonly string[];
  /** `numeric(14,2)` as text: no double is between the database and the cents. */
  readonly total_price: string;
  readonly transaction_uuid: string | null;
  readonly payment_method: Payment["method"] | null;
  readonly status: Order["status"];
}

/** Creates the repository over the order service's database. */
export function createOrderRepository(postgres: Postgres): OrderRepository {
  return {
    async add({ orderUuid, userUuid, partUuids, totalPrice, status, payment }) {
      await postgres.query((sql) =>
        sql`insert into orders
              (order_uuid, user_uuid, part_uuids, total_price, transaction_uuid, payment_method, status)
            values (${orderUuid}, ${userUuid}, ${[...partUuids]}, ${centsToDecimal(totalPrice)},
                    ${payment?.transactionUuid ?? null}, ${payment?.method ?? null}, ${status})`
      );
    },

    async findOfUser(userUuid, orderUuid) {
      const [row] = await postgres.query((sql) =>
        sql<OrderRow[]>`
          select order_uuid, user_uuid, part_uuids, total_price, transaction_uuid, payment_method, status
          from orders where order_uuid = ${orderUuid} and user_uuid = ${userUuid}`
      );
      return row === undefined ? undefined : toOrder(row);
    },
  };
}

function toOrder(row: OrderRow): Order {
  return {
    orderUuid: row.order_uuid,
    userUuid: row.user_uuid,
    partUuids: row.part_uuids,
    totalPrice: centsOfDecimal(row.total_price),
    status: row.status,
    payment: toPayment(row),
  };
}

/** The table has both or neither, see its checks. */
function toPayment({ transaction_uuid, payment_method }: OrderRow): Payment | undefined {
  if (transaction_uuid === null || payment_method === null) return undefined;
  return { transactionUuid: transaction_uuid, method: payment_method };
}
