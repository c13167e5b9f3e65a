/**
 * `payment.v1.PaymentService` and its messages.
 *
 * @module
 */
export {
  PaymentMethod,
  paymentMethodFromJSON,
  paymentMethodToJSON,
  type PaymentServiceServer,
  PaymentServiceService as PaymentService,
  PayOrderRequest,
  PayOrderResponse,
} from "./gen/payment/v1/payment.ts";
