import { encodeEvent, type OutboxEvent } from "@rocket/platform/outbox";
import type { Logger } from "@rocket/platform/log";
import { ORDER_PAID } from "@rocket/proto/events";
import type { Inventory } from "../client/inventory.ts";
import type { Payments } from "../client/payment.ts";
import type { BegunOrder } from "../model/order.ts";
import type { PaymentRepository } from "../repository/payments.ts";

/**
 * Finishes a payment that has begun: charges, marks the pieces as sold, and only then marks the order as paid and writes
 * its event. Each step is safe to repeat, so a repeated call continues wherever the previous one ended.
 *
 * @param order Taken from the database, for its own user or by recovery: payment takes its word.
 * @returns The UUID of the transaction.
 * @throws {Unavailable | DeadlineExceeded} if payment, inventory or the database does not answer; the payment stays
 * begun.
 */
export type SettlePayment = (order: BegunOrder) => Promise<string>;

/** Dependencies of the settle-payment use case. */
export interface SettlePaymentDependencies {
  readonly repository: Pick<PaymentRepository, "finish">;
  readonly payments: Payments;
  readonly inventory: Pick<Inventory, "commitParts">;
  readonly log: Logger;
}

/** Creates the settle-payment use case. */
export function createSettlePayment(
  { repository, payments, inventory, log }: SettlePaymentDependencies,
): SettlePayment {
  return async (order) => {
    const { orderUuid } = order;
    const transactionUuid = await payments.charge(order);
    // Before the order is marked: a crash in between must not leave a paid order without its pieces.
    await inventory.commitParts(orderUuid);
    const isPaidNow = await repository.finish({
      orderUuid,
      transactionUuid,
      event: orderPaid(order, transactionUuid),
    });
    if (isPaidNow) {
      log.info(
        { order_uuid: orderUuid, transaction_uuid: transactionUuid, method: order.begunMethod },
        "order paid",
      );
    }
    return transactionUuid;
  };
}

function orderPaid(
  { orderUuid, userUuid, begunMethod: paymentMethod }: BegunOrder,
  transactionUuid: string,
): OutboxEvent {
  const eventUuid = crypto.randomUUID();
  return encodeEvent(ORDER_PAID, { eventUuid, orderUuid, userUuid, paymentMethod, transactionUuid });
}
