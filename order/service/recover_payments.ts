import type { Logger } from "@rocket/platform/log";
import type { Inventory } from "../client/inventory.ts";
import type { BegunOrder } from "../model/order.ts";
import type { PaymentRepository } from "../repository/payments.ts";
import { inBatches } from "./in_batches.ts";
import { PAYMENT_HOLD_MS } from "./pay_order.ts";
import type { SettlePayment } from "./settle_payment.ts";

/**
 * Takes up payments that began and were not finished, and finishes them; as a service, on nobody's behalf.
 *
 * @param closing Once it is aborted no other payment is gone on with: somebody else takes it up.
 */
export type RecoverPayments = (closing: AbortSignal) => Promise<void>;

/** Dependencies of the recover-payments use case. */
export interface RecoverPaymentsDependencies {
  readonly repository: Pick<PaymentRepository, "takeUnfinished">;
  readonly inventory: Pick<Inventory, "reserveParts">;
  readonly settle: SettlePayment;
  /** When a payment that is not finished this time either may be taken up again, in milliseconds. */
  readonly recoverAfterMs: number;
  readonly log: Logger;
}

/** How many payments are taken up at a time. */
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
      await settle(order, "service");
      log.info(facts, "begun payment finished");
    } catch (error) {
      // It stays begun, so nothing is lost; whoever is on call sees which order waits, and for what.
      log.warn({ ...facts, err: error }, "begun payment not finished yet");
    }
  };
  return (closing) => inBatches(BATCH, take, finish, closing);
}
