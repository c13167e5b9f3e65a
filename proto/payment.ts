/**
 * `payment.v1.PaymentService` and its messages.
 *
 * @module
 */
export {
  PaymentMethod,
  paymentMethodFromJSON,
  paymentMethodToJSON,
  PaymentServiceClient,
  type PaymentServiceServer,
  PaymentServiceService,
  PayOrderRequest,
  PayOrderResponse,
} from "./gen/payment/v1/payment.ts";
