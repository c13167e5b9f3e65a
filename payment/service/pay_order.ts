import type { Caller } from "@rocket/platform/auth";
import type { Logger } from "@rocket/platform/log";
import type { Provider } from "../client/provider.ts";
import { NotTheOwnUser } from "../model/failures.ts";
import type { Payment } from "../model/payment.ts";

/**
 * Pays an order once. Repeated calls return the first transaction.
 *
 * @returns The transaction's UUID.
 * @throws {NotTheOwnUser} if a session pays for another user. A service may pay for anyone: it finishes payments that
 * users began.
 */
export type PayOrder = (payment: Payment, caller: Caller) => Promise<string>;

/** Dependencies of the pay-order use case. */
export interface PayOrderDependencies {
  readonly provider: Provider;
  readonly log: Logger;
}

/** Creates the pay-order use case. */
export function createPayOrder({ provider, log }: PayOrderDependencies): PayOrder {
  return async (payment, caller) => {
    refusePayingForOthers(payment, caller);
    const transactionUuid = await provider.charge(payment);
    const fields = {
      order_uuid: payment.orderUuid,
      transaction_uuid: transactionUuid,
      payment_method: payment.method,
      called_by: caller.kind,
    };
    log.info(fields, "order charged");
    return transactionUuid;
  };
}

function refusePayingForOthers({ userUuid }: Payment, caller: Caller): void {
  if (caller.kind === "session" && caller.session.userUuid !== userUuid) {
    throw new NotTheOwnUser();
  }
}
