import { PaymentMethod, type PayOrderRequest } from "@rocket/proto/payment";
import { answerOf } from "@rocket/platform/testing/raw-client";
import { type Charge, readCharges } from "../../support/charges.ts";
import { type FakeIam, type FakeSession, startFakeIam } from "@rocket/platform/testing/fake-iam";
import { startSystem, type System } from "../../support/system.ts";

/** gRPC metadata by key. */
type MetadataRecord = Readonly<Record<string, string>>;

/** Payment, with a fake IAM. */
export interface PaymentAlone extends AsyncDisposable {
  readonly system: System;
  readonly iam: FakeIam;
  /** A session that the fake IAM knows. */
  readonly own: FakeSession;
  /** `own` as metadata. */
  readonly session: MetadataRecord;
  /** The service token, as metadata; calls send it by default. */
  readonly service: MetadataRecord;
  /** Pays an order, by default a new one of the session's user, by card. @returns The transaction's UUID. */
  pay(order?: Partial<PayOrderRequest>, metadata?: MetadataRecord): Promise<string>;
  /** The charges of an order that the current process has made. */
  chargesOf(orderUuid: string): Promise<readonly Charge[]>;
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
  const service = { "service-token": system.variable("SERVICE_TOKEN") };
  const { payment } = system;
  return {
    system,
    iam,
    own,
    session,
    service,
    async pay(order = {}, metadata = service) {
      const request = { ...anOrder(own.userUuid), ...order };
      return (await answerOf(payment.payOrder(request, metadata))).transactionUuid;
    },
    chargesOf: async (orderUuid) =>
      (await readCharges(system)).filter((charge) => charge.orderUuid === orderUuid),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A request to pay a new order of this user by card. */
export function anOrder(userUuid: string): PayOrderRequest {
  return { orderUuid: crypto.randomUUID(), userUuid, paymentMethod: PaymentMethod.PAYMENT_METHOD_CARD };
}
