import { centsOfDecimal } from "@rocket/platform/core";
import type {
  BegunOrder,
  Order,
  OrderFacts,
  OrderState,
  OrderStatus,
  PaymentMethod,
} from "../model/order.ts";

/** The columns of an order. */
export const ORDER_COLUMNS = [
  "order_uuid",
  "user_uuid",
  "part_uuids",
  "total_price",
  "transaction_uuid",
  "payment_method",
  "status",
] as const;

/** An order as a row of the table. */
export interface OrderRow {
  readonly order_uuid: string;
  readonly user_uuid: string;
  readonly part_uuids: readonly string[];
  /** `numeric(14,2)` as text, so that no double comes between the database and the cents. */
  readonly total_price: string;
  readonly transaction_uuid: string | null;
  /** Set once a payment has begun. */
  readonly payment_method: PaymentMethod | null;
  readonly status: OrderStatus;
}

/** @throws {TypeError} for a row that the table's constraints rule out. */
export function toOrder(row: OrderRow): Order {
  return { ...toFacts(row), ...toState(row) };
}

/** @throws {TypeError} for a row of an order whose payment has not begun. */
export function toBegunOrder(row: OrderRow): BegunOrder {
  if (row.payment_method === null) throw new TypeError(`no payment of order ${row.order_uuid} has begun`);
  return { ...toFacts(row), status: "PENDING_PAYMENT", begunMethod: row.payment_method };
}

function toFacts(row: OrderRow): OrderFacts {
  return {
    orderUuid: row.order_uuid,
    userUuid: row.user_uuid,
    partUuids: row.part_uuids,
    totalPrice: centsOfDecimal(row.total_price),
  };
}

function toState({ order_uuid, status, transaction_uuid, payment_method }: OrderRow): OrderState {
  switch (status) {
    case "PENDING_PAYMENT":
      return payment_method === null ? { status } : { status, begunMethod: payment_method };
    case "CANCELLED":
      return { status };
    case "PAID":
    case "ASSEMBLED": {
      if (transaction_uuid === null || payment_method === null) {
        throw new TypeError(`order ${order_uuid} is ${status} without a payment`);
      }
      return { status, payment: { transactionUuid: transaction_uuid, method: payment_method } };
    }
    default:
      throw new TypeError(`order ${order_uuid} has an unknown status: ${status satisfies never}`);
  }
}
