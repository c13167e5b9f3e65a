import type { PaymentService } from "@rocket/proto/payment";
import type { UnaryHandlers } from "@rocket/platform/grpc";
import type { PayOrder } from "../service/pay_order.ts";
import { parsePayment } from "./pay_order_request.ts";

/** Creates the handlers of `payment.v1.PaymentService`. */
export function createPaymentApi(payOrder: PayOrder): UnaryHandlers<PaymentService> {
  return {
    payOrder: async (request) => ({ transactionUuid: await payOrder(parsePayment(request)) }),
  };
}
