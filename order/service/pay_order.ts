import type { Inventory } from "../client/inventory.ts";
import { OrderNotPending } from "../model/failures.ts";
import type { Order, PaymentMethod } from "../model/order.ts";
import type { PaymentRepository } from "../repository/payments.ts";
import type { GetOrder } from "./get_order.ts";
import { requireAction } from "./order_states.ts";
import type { ReleasePieces } from "./release_pieces.ts";
import type { SettlePayment } from "./settle_payment.ts";

/** Which order to pay, whose, and how. */
export interface PaymentRequest {
  readonly userUuid: string;
  readonly orderUuid: string;
  readonly method: PaymentMethod;
  /** Whether the same request was made before: if the order is paid by the same method, it counts as the payment. */
  readonly isRepeat: boolean;
}

/**
 * Pays an order: reserves its pieces for as long as a payment may take, records that the payment begins, and finishes
 * it.
 *
 * @returns The UUID of the transaction.
 * @throws {OrderNotFound} if the user has no such order.
 * @throws {OrderNotPending} if it is not unpaid.
 * @throws {PaymentUnderWay} if a payment by another method has begun: it may have been charged.
 * @throws {InsufficientStock} if the payment window has passed and the pieces have been sold to another order.
 * @throws {Unavailable | DeadlineExceeded} if a service or store does not answer. A payment that has begun is finished
 * by another call or by recovery.
 */
export type PayOrder = (request: PaymentRequest) => Promise<string>;

/** Dependencies of the pay-order use case. */
export interface PayOrderDependencies {
  readonly getOrder: GetOrder;
  readonly inventory: Pick<Inventory, "reserveParts">;
  readonly releasePieces: ReleasePieces;
  readonly repository: Pick<PaymentRepository, "begin">;
  readonly settle: SettlePayment;
  /** How long recovery leaves a payment alone after it began, in milliseconds. */
  readonly recoverAfterMs: number;
}

/** How long the pieces of an order stay reserved while it is being paid, whatever crashes, in milliseconds. */
export const PAYMENT_HOLD_MS = 24 * 3_600_000;

/** Creates the pay-order use case. */
export function createPayOrder(
  { getOrder, inventory, releasePieces, repository, settle, recoverAfterMs }: PayOrderDependencies,
): PayOrder {
  return async ({ userUuid, orderUuid, method, isRepeat }) => {
    const order = await getOrder(userUuid, orderUuid);
    const paidBefore = isRepeat ? transactionOf(order, method) : undefined;
    if (paidBefore !== undefined) return paidBefore;
    requireAction(order, "pay", method);
    await inventory.reserveParts(order, PAYMENT_HOLD_MS);
    const begun = await repository.begin(orderUuid, method, recoverAfterMs);
    if (begun !== undefined) return await settle(begun);
    // Another request or recovery was faster: the order's new status decides.
    const now = await getOrder(userUuid, orderUuid);
    const paidMeanwhile = transactionOf(now, method);
    if (paidMeanwhile !== undefined) return paidMeanwhile;
    // The cancellation may have released the pieces before they were reserved again here.
    if (now.status === "CANCELLED") await releasePieces(orderUuid);
    requireAction(now, "pay", method);
    throw new OrderNotPending(now);
  };
}

/** The transaction of an order that was paid by this method, if it was. */
function transactionOf(order: Order, method: PaymentMethod): string | undefined {
  return "payment" in order && order.payment.method === method ? order.payment.transactionUuid : undefined;
}
