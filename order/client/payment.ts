import { Metadata } from "@grpc/grpc-js";
import { addServiceToken, type ServiceToken } from "@rocket/platform/auth";
import type { Secret } from "@rocket/platform/config";
import { parseUuid } from "@rocket/platform/core";
import type { RpcClient } from "@rocket/platform/grpc";
import { PaymentMethod as PaymentMethodMessage, PaymentService } from "@rocket/proto/payment";
import type { BegunOrder, PaymentMethod } from "../model/order.ts";

/** The payment service. */
export interface Payments {
  /**
   * Charges an order; as a service, which vouches that the order is its user's. Repeated calls charge it only once.
   *
   * @returns The UUID of the transaction, always the same for the same order.
   * @throws {TypeError} if payment returns an invalid transaction UUID.
   * @throws {Unavailable | DeadlineExceeded} if payment does not answer; the order may have been charged.
   */
  charge(order: BegunOrder): Promise<string>;
}

/** Creates the payment client. */
export function createPayments(rpc: RpcClient<PaymentService>, token: Secret<ServiceToken>): Payments {
  return {
    async charge({ orderUuid, userUuid, begunMethod }) {
      const request = { orderUuid, userUuid, paymentMethod: METHODS[begunMethod] };
      const { transactionUuid } = await rpc.payOrder(request, addServiceToken(new Metadata(), token));
      const parsed = parseUuid(transactionUuid);
      if (parsed === undefined) throw new TypeError("payment answered with an invalid transaction UUID");
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
