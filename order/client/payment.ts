import { Metadata } from "@grpc/grpc-js";
import {
  addServiceToken,
  type Authority,
  forwardSessionUUIDToGRPC,
  type ServiceToken,
} from "@rocket/platform/auth";
import { parseUuid } from "@rocket/platform/core";
import type { RpcClient } from "@rocket/platform/grpc";
import { PaymentMethod as PaymentMethodMessage, PaymentService } from "@rocket/proto/payment";
import type { BegunOrder, PaymentMethod } from "../model/order.ts";

/** Takes payments, at the payment service. */
export interface Payments {
  /**
   * Charges an order, once however often it is asked.
   *
   * @param authority Passed on as it is: without a session in context, a call in its name is refused by payment.
   * @returns The UUID of the transaction, always the same for the same order.
   * @throws {TypeError} where payment's transaction is none: a fault.
   * @throws {Unavailable | DeadlineExceeded} where payment does not answer; then it may have been charged.
   */
  charge(order: BegunOrder, authority: Authority): Promise<string>;
}

/** Creates the client over the payment service. */
export function createPayments(rpc: RpcClient<PaymentService>, token: ServiceToken): Payments {
  return {
    async charge({ orderUuid, userUuid, begunMethod }, authority) {
      const metadata = authority === "service"
        ? addServiceToken(new Metadata(), token)
        : forwardSessionUUIDToGRPC(new Metadata());
      const request = { orderUuid, userUuid, paymentMethod: METHODS[begunMethod] };
      const { transactionUuid } = await rpc.payOrder(request, metadata);
      const parsed = parseUuid(transactionUuid);
      if (parsed === undefined) throw new TypeError("payment answered with a transaction that is no UUID");
      return parsed;
    },
  };
}

const METHODS: Readonly<Record<PaymentMethod, PaymentMethodMessage>> = {
  CARD: PaymentMethodMessage.PAYMENT_METHOD_CARD,
  SBP: PaymentMethodMessage.PAYMENT_METHOD_SBP,
  CREDIT_CARD: PaymentMethodMessage.PAYMENT_METHOD_CREDIT_CARD,
  INVESTOR_MONEY: PaymentMethodMessage.PAYMENT_METHOD_INVESTOR_MONEY,
};
