import type { Logger } from "@rocket/platform/log";
import type { Provider } from "../client/provider.ts";
import type { Payment } from "../model/payment.ts";

/**
 * Pays an order once. Repeated calls return the first transaction. The caller, a service, vouches for whose the order is.
 *
 * @returns The transaction's UUID.
 */
export type PayOrder = (payment: Payment) => Promise<string>;

/** Dependencies of the pay-order use case. */
export interface PayOrderDependencies {
  readonly provider: Provider;
  readonly log: Logger;
}

/** Creates the pay-order use case. */
export function createPayOrder({ provider, log }: PayOrderDependencies): PayOrder {
  return async (payment) => {
    const transactionUuid = await provider.charge(payment);
    const fields = {
      order_uuid: payment.orderUuid,
      user_uuid: payment.userUuid,
      transaction_uuid: transactionUuid,
      payment_method: payment.method,
    };
    log.info(fields, "order charged");
    return transactionUuid;
  };
}
