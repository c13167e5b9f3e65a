import type { PaymentServiceServer } from "@rocket/proto";
import { requireCaller, type UnaryHandlers } from "@rocket/platform";
import type { PayOrder } from "../service/pay_order.ts";
import { parsePayment } from "./pay_order_request.ts";

/** `payment.v1.PaymentService` over its rule. */
export function createPaymentApi(payOrder: PayOrder): UnaryHandlers<PaymentServiceServer> {
  return {
    payOrder: async (request) => ({
      transactionUuid: await payOrder(parsePayment(request), requireCaller()),
    }),
  };
}
