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
  /** Whether the same request was made before: then an order that is paid by its method was paid by it. */
  readonly isRepeat: boolean;
}

/**
 * Pays an order: keeps its pieces for as long as a payment may take, notes that the payment begins, and finishes it.
 *
 * @returns The UUID of the transaction.
 * @throws {OrderNotFound} when the user has no such order.
 * @throws {OrderNotPending} when it does not wait to be paid.
 * @throws {PaymentUnderWay} when a payment by another method has begun: it may have been charged.
 * @throws {InsufficientStock} when the time to pay is over and somebody else has ordered the pieces meanwhile.
 * @throws {Unavailable | DeadlineExceeded} the payment may have begun; then it is finished by another call, or by
 * recovery.
 */
export type PayOrder = (request: PaymentRequest) => Promise<string>;

/** Dependencies of the pay-order use case. */
export interface PayOrderDependencies {
  readonly getOrder: GetOrder;
  readonly inventory: Pick<Inventory, "reserveParts">;
  readonly releasePieces: ReleasePieces;
  readonly repository: Pick<PaymentRepository, "begin">;
  readonly settle: SettlePayment;
  /** When recovery may take up a payment that was not finished, in milliseconds from its beginning. */
  readonly recoverAfterMs: number;
}

/** For how long the pieces of an order are kept while it is being paid, whatever crashes meanwhile, in milliseconds. */
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
    if (begun !== undefined) return await settle(begun, "session");
    // Another request or recovery was faster: what became of the order decides.
    const now = await getOrder(userUuid, orderUuid);
    const paidMeanwhile = transactionOf(now, method);
    if (paidMeanwhile !== undefined) return paidMeanwhile;
    // Whoever cancelled it may have released the pieces before they were kept once more.
    if (now.status === "CANCELLED") await releasePieces(orderUuid);
    requireAction(now, "pay", method);
    throw new OrderNotPending(now);
  };
}

/** The transaction of an order that has been paid by a method, whatever has become of it since. */
function transactionOf(order: Order, method: PaymentMethod): string | undefined {
  return "payment" in order && order.payment.method === method ? order.payment.transactionUuid : undefined;
}
