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

/** The payment service. */
export interface Payments {
  /**
   * Charges an order. Repeated calls charge it only once.
   *
   * @param authority In whose name to call. Without a session in context, payment refuses a call in the session's name.
   * @returns The UUID of the transaction, always the same for the same order.
   * @throws {TypeError} if payment returns an invalid transaction UUID.
   * @throws {Unavailable | DeadlineExceeded} if payment does not answer; the order may have been charged.
   */
  charge(order: BegunOrder, authority: Authority): Promise<string>;
}

/** Creates the payment client. */
export function createPayments(rpc: RpcClient<PaymentService>, token: ServiceToken): Payments {
  return {
    async charge({ orderUuid, userUuid, begunMethod }, authority) {
      const metadata = authority === "service"
        ? addServiceToken(new Metadata(), token)
        : forwardSessionUUIDToGRPC(new Metadata());
      const request = { orderUuid, userUuid, paymentMethod: METHODS[begunMethod] };
      const { transactionUuid } = await rpc.payOrder(request, metadata);
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
