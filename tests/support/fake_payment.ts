import { type sendUnaryData, type ServerUnaryCall, status } from "@grpc/grpc-js";
import { PaymentService, type PayOrderRequest, type PayOrderResponse } from "@rocket/proto/payment";
import type { PaymentServiceServer } from "@rocket/proto/payment";
import { FakeGrpcServer } from "@rocket/platform/testing/fake-grpc-server";

type Answer = sendUnaryData<PayOrderResponse>;

/** A payment request, and its transaction. */
export interface Charge extends PayOrderRequest {
  readonly transactionUuid: string;
}

/** Starts a stand-in for the payment service. */
export async function startFakePayment(): Promise<FakePayment> {
  const payment = new FakePayment();
  await payment.start();
  return payment;
}

/** A payment service that charges an order once, and can be made to fail before or after charging. */
export class FakePayment extends FakeGrpcServer {
  /** Every accepted request, including repeated ones for an order that was already charged. */
  readonly charges: Charge[] = [];
  readonly #transactions = new Map<string, string>();
  #answer: (charge: Charge, answer: Answer) => void = ({ transactionUuid }, answer) =>
    answer(null, { transactionUuid });
  #isRefusing = false;

  constructor() {
    super((server) => {
      const implementation: PaymentServiceServer = {
        payOrder: (call, callback) => this.#payOrder(call, callback),
      };
      server.addService(PaymentService, implementation);
    });
  }

  /** How often an order was charged: at most once, however often that was requested. */
  chargesOf(orderUuid: string): number {
    return this.#transactions.has(orderUuid) ? 1 : 0;
  }

  /** While the work runs, charges orders but responds as given. */
  async withAnswer<T>(answer: (answer: Answer) => void, work: () => Promise<T>): Promise<T> {
    const original = this.#answer;
    this.#answer = (_, callback) => answer(callback);
    try {
      return await work();
    } finally {
      this.#answer = original;
    }
  }

  /** While the work runs, refuses to charge orders. */
  async withPaymentRefused<T>(work: () => Promise<T>): Promise<T> {
    this.#isRefusing = true;
    try {
      return await work();
    } finally {
      this.#isRefusing = false;
    }
  }

  #payOrder({ request, metadata }: ServerUnaryCall<PayOrderRequest, PayOrderResponse>, answer: Answer): void {
    if (metadata.get("service-token").length === 0) {
      return answer({ code: status.UNAUTHENTICATED, details: "only services may pay" });
    }
    if (this.#isRefusing) return answer({ code: status.UNAVAILABLE, details: "payment refused by the test" });
    const transactionUuid = this.#transactions.get(request.orderUuid) ?? crypto.randomUUID();
    this.#transactions.set(request.orderUuid, transactionUuid);
    const charge = { ...request, transactionUuid };
    this.charges.push(charge);
    this.#answer(charge, answer);
  }
}
