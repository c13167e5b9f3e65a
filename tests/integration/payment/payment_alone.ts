import { Metadata } from "@grpc/grpc-js";
import { PaymentMethod, type PayOrderRequest } from "@rocket/proto/payment";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf } from "@rocket/platform/testing/raw-client";
import { type Charge, chargesIn } from "../../support/charges.ts";
import { type FakeIam, type FakeSession, startFakeIam } from "../../support/fake_iam.ts";
import { startSystem, type System } from "../../support/system.ts";

/** gRPC metadata by key. */
type Sent = Readonly<Record<string, string>>;

/** Payment, with a fake IAM. */
export interface PaymentAlone extends AsyncDisposable {
  readonly system: System;
  readonly iam: FakeIam;
  /** A session that the fake IAM knows. */
  readonly own: FakeSession;
  /** The same as metadata; calls send it by default. */
  readonly session: Sent;
  /** The service token, as metadata. */
  readonly service: Sent;
  /** Pays an order, by default a new one of the session's user by card. @returns The transaction's UUID. */
  pay(order?: Partial<PayOrderRequest>, metadata?: Sent): Promise<string>;
  /** The charges of an order that the current process has made. */
  chargesOf(orderUuid: string): readonly Charge[];
}

/** Starts payment alone. */
export async function startPaymentAlone(): Promise<PaymentAlone> {
  await using starting = new AsyncDisposableStack();
  const iam = starting.use(await startFakeIam());
  const own = iam.openSession();
  const env = { IAM_GRPC_TARGET: iam.target };
  const system = starting.use(await startSystem({ services: ["payment"], env }));
  const owned = starting.move();
  const session = { "session-uuid": own.sessionUuid };
  const { payment } = system;
  return {
    system,
    iam,
    own,
    session,
    service: { "service-token": system.variable("SERVICE_TOKEN") },
    async pay(order = {}, metadata = session) {
      const requestId = crypto.randomUUID();
      const sent = { ...metadata, "x-request-id": requestId };
      const request = { ...anOrder(own.userUuid), ...order };
      const [answer] = await Promise.allSettled([answerOf(payment.payOrder(request, sent))]);
      // The log of the call must be read before charges are counted.
      if (isFromPayment(answer)) await untilLogged(system, requestId);
      if (answer.status === "rejected") throw answer.reason;
      return answer.value.transactionUuid;
    },
    chargesOf: (orderUuid) =>
      chargesIn(system.process("payment")).filter((charge) => charge.orderUuid === orderUuid),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A new order of a user, to be paid by card. */
export function anOrder(userUuid: string): PayOrderRequest {
  return { orderUuid: crypto.randomUUID(), userUuid, paymentMethod: PaymentMethod.PAYMENT_METHOD_CARD };
}

/** If payment can't be reached, the failure is the client's own and has no request id. */
function isFromPayment(answer: PromiseSettledResult<unknown>): boolean {
  if (answer.status === "fulfilled") return true;
  const { metadata } = answer.reason;
  return metadata instanceof Metadata && metadata.get("x-request-id").length > 0;
}

async function untilLogged(system: System, requestId: string): Promise<void> {
  const { output } = system.process("payment");
  const isItsEnd = (line: string) => line.includes(requestId) && line.includes('"msg":"call answered"');
  await eventually(() => assert.ok(output.some(isItsEnd), `the end of call ${requestId} is not logged`));
}
