import { inBatches } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import type { Inventory } from "../client/inventory.ts";
import type { BegunOrder } from "../model/order.ts";
import type { PaymentRepository } from "../repository/payments.ts";
import { PAYMENT_HOLD_MS } from "./pay_order.ts";
import type { SettlePayment } from "./settle_payment.ts";

/**
 * Finishes payments that were begun and not finished. Recovery acts as a service, not as a user.
 *
 * @param closing Once aborted, no further payment is taken up; another replica will.
 */
export type RecoverPayments = (closing: AbortSignal) => Promise<void>;

/** Dependencies of the recover-payments use case. */
export interface RecoverPaymentsDependencies {
  readonly repository: Pick<PaymentRepository, "takeUnfinished">;
  readonly inventory: Pick<Inventory, "reserveParts">;
  readonly settle: SettlePayment;
  /** How long until a payment that fails again may be taken up again, in milliseconds. */
  readonly recoverAfterMs: number;
  readonly log: Logger;
}

/** How many payments are taken at a time. */
const BATCH = 50;

/** Creates the recover-payments use case. */
export function createRecoverPayments(
  { repository, inventory, settle, recoverAfterMs, log }: RecoverPaymentsDependencies,
): RecoverPayments {
  const take = (size: number) => repository.takeUnfinished(size, recoverAfterMs);
  const finish = async (order: BegunOrder) => {
    const facts = { order_uuid: order.orderUuid };
    try {
      await inventory.reserveParts(order, PAYMENT_HOLD_MS);
      await settle(order);
      log.info(facts, "payment recovered");
    } catch (error) {
      // The payment stays begun, so nothing is lost; the log names the order and what it waits for.
      log.warn({ ...facts, err: error }, "payment recovery failed; will retry");
    }
  };
  return (closing) => inBatches(BATCH, take, finish, closing);
}
