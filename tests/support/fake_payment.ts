import { type sendUnaryData, type ServerUnaryCall, status } from "@grpc/grpc-js";
import { PaymentService, type PayOrderRequest, type PayOrderResponse } from "@rocket/proto/payment";
import type { PaymentServiceServer } from "@rocket/proto/payment";
import { FakeGrpcServer } from "@rocket/platform/testing/fake-grpc-server";

type Answer = sendUnaryData<PayOrderResponse>;

/** What a payment that was asked for was, and who asked. */
export interface Charge extends PayOrderRequest {
  readonly transactionUuid: string;
  readonly by: "session" | "service";
}

/** Starts a stand-in for the payment service. */
export async function startFakePayment(): Promise<FakePayment> {
  const payment = new FakePayment();
  await payment.start();
  return payment;
}

/** A payment service that charges an order once, and can be made to fail before or after it has. */
export class FakePayment extends FakeGrpcServer {
  /** Every time it was asked, whether or not that charged anything. */
  readonly charges: Charge[] = [];
  readonly #transactions = new Map<string, string>();
  #answer: (charge: Charge, answer: Answer) => void = ({ transactionUuid }, answer) =>
    answer(null, { transactionUuid });
  #refuses = false;

  constructor() {
    super((server) => {
      const implementation: PaymentServiceServer = {
        payOrder: (call, callback) => this.#payOrder(call, callback),
      };
      server.addService(PaymentService, implementation);
    });
  }

  /** How often an order was charged: once at most, however often it was asked for. */
  chargesOf(orderUuid: string): number {
    return this.#transactions.has(orderUuid) ? 1 : 0;
  }

  /** Charges, and then answers otherwise, while the work lasts. */
  async answering<T>(answer: (answer: Answer) => void, work: () => Promise<T>): Promise<T> {
    const usual = this.#answer;
    this.#answer = (_, callback) => answer(callback);
    try {
      return await work();
    } finally {
      this.#answer = usual;
    }
  }

  /** Refuses to charge while the work lasts. */
  async refusing<T>(work: () => Promise<T>): Promise<T> {
    this.#refuses = true;
    try {
      return await work();
    } finally {
      this.#refuses = false;
    }
  }

  #payOrder({ request, metadata }: ServerUnaryCall<PayOrderRequest, PayOrderResponse>, answer: Answer): void {
    if (this.#refuses) return answer({ code: status.UNAVAILABLE, details: "no money today" });
    const transactionUuid = this.#transactions.get(request.orderUuid) ?? crypto.randomUUID();
    this.#transactions.set(request.orderUuid, transactionUuid);
    const by = metadata.get("service-token").length > 0 ? "service" : "session";
    const charge = { ...request, transactionUuid, by } as const;
    this.charges.push(charge);
    this.#answer(charge, answer);
  }
}
