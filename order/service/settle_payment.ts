import type { Authority } from "@rocket/platform/auth";
import type { Logger } from "@rocket/platform/log";
import { OrderPaid } from "@rocket/proto/events";
import type { Inventory } from "../client/inventory.ts";
import type { Payments } from "../client/payment.ts";
import type { BegunOrder } from "../model/order.ts";
import type { PaymentRepository } from "../repository/payments.ts";

/**
 * Finishes a payment that has begun: charges, marks the pieces as sold, and only then marks the order as paid, with
 * its event. Each step is the same done again, so whoever is asked again goes on from wherever it ended.
 *
 * @param authority On whose authority payment is asked to charge.
 * @returns The UUID of the transaction.
 * @throws {Unavailable | DeadlineExceeded} where payment, inventory or the database does not answer: the payment
 * stays begun.
 */
export type SettlePayment = (order: BegunOrder, authority: Authority) => Promise<string>;

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
  return async (order, authority) => {
    const { orderUuid } = order;
    const transactionUuid = await payments.charge(order, authority);
    // Before the order is paid: a crash in between must not leave the pieces of a paid order to somebody else.
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

function orderPaid({ orderUuid, userUuid, begunMethod }: BegunOrder, transactionUuid: string) {
  const eventUuid = crypto.randomUUID();
  const message = { eventUuid, orderUuid, userUuid, paymentMethod: begunMethod, transactionUuid };
  return { eventUuid, eventType: "events.v1.OrderPaid", payload: OrderPaid.encode(message).finish() };
}
