import type { Probes } from "@rocket/platform/core";
import {
  callUnary,
  createGrpcClient,
  createHealthProbe,
  type GrpcClient,
  type HealthProbe,
} from "@rocket/platform/grpc";
import { createAuthorize, createSessionVerifier } from "@rocket/platform/auth";
import { createLogger, type Logger } from "@rocket/platform/log";
import { createPostgres, type Postgres } from "@rocket/platform/postgres";
import { Container, repeat } from "@rocket/platform/service";
import { AuthServiceClient } from "@rocket/proto/iam";
import { InventoryServiceClient } from "@rocket/proto/inventory";
import { PaymentServiceClient } from "@rocket/proto/payment";
import { keptPaidAnswer } from "./api/answers.ts";
import { createOrderApp, type OrderApp } from "./api/app.ts";
import { createInventory, type Inventory } from "./client/inventory.ts";
import { createPayments, type Payments } from "./client/payment.ts";
import type { OrderConfig } from "./config.ts";
import {
  createIdempotencyKeyRepository,
  type IdempotencyKeyRepository,
} from "./repository/idempotency_keys.ts";
import { createOrderRepository, type OrderRepository } from "./repository/orders.ts";
import { createPaymentRepository, type PaymentRepository } from "./repository/payments.ts";
import { type AnswerOnce, createAnswerOnce } from "./service/answer_once.ts";
import { type CancelOrder, createCancelOrder } from "./service/cancel_order.ts";
import { type CancelOverdue, createCancelOverdue } from "./service/cancel_overdue.ts";
import { createCreateOrder, type CreateOrder } from "./service/create_order.ts";
import { createForgetOldKeys, type ForgetOldKeys } from "./service/forget_old_keys.ts";
import { createGetOrder, type GetOrder } from "./service/get_order.ts";
import { createListOrders, type ListOrders } from "./service/list_orders.ts";
import { createPayOrder, type PayOrder } from "./service/pay_order.ts";
import { createRecoverPayments, type RecoverPayments } from "./service/recover_payments.ts";
import { createReleasePieces, type ReleasePieces } from "./service/release_pieces.ts";
import { createSettlePayment, type SettlePayment } from "./service/settle_payment.ts";

/** Builds the order service's parts, each when it is first asked for, and closes them in reverse order. */
export class OrderContainer extends Container {
  readonly log: Logger;

  /** Aborted when the service begins to stop. */
  readonly stopping = new AbortController();

  constructor(readonly config: OrderConfig) {
    super();
    this.log = createLogger({ service: "order", level: config.logLevel, format: config.logFormat });
  }

  #postgres?: Postgres;
  get postgres(): Postgres {
    return this.#postgres ??= this.own(createPostgres(this.config.postgresUrl));
  }

  get stores(): Probes {
    return { postgres: () => this.postgres.query((sql) => sql`select 1`) };
  }

  #iam?: GrpcClient<AuthServiceClient>;
  get iam(): AuthServiceClient {
    this.#iam ??= this.own(createGrpcClient(AuthServiceClient, this.config.iamTarget));
    return this.#iam.stub;
  }

  #inventory?: Inventory;
  get inventory(): Inventory {
    return this.#inventory ??= createInventory(this.#inventoryStub(), this.config.serviceToken);
  }

  #inventoryStub(): InventoryServiceClient {
    return this.own(createGrpcClient(InventoryServiceClient, this.config.inventoryTarget)).stub;
  }

  #payments?: Payments;
  get payments(): Payments {
    return this.#payments ??= createPayments(this.#paymentStub(), this.config.serviceToken);
  }

  #paymentStub(): PaymentServiceClient {
    return this.own(createGrpcClient(PaymentServiceClient, this.config.paymentTarget)).stub;
  }

  #iamHealth?: HealthProbe;
  get iamHealth(): HealthProbe {
    return this.#iamHealth ??= this.own(createHealthProbe("iam", this.config.iamTarget));
  }

  #inventoryHealth?: HealthProbe;
  get inventoryHealth(): HealthProbe {
    return this.#inventoryHealth ??= this.own(createHealthProbe("inventory", this.config.inventoryTarget));
  }

  #paymentHealth?: HealthProbe;
  get paymentHealth(): HealthProbe {
    return this.#paymentHealth ??= this.own(createHealthProbe("payment", this.config.paymentTarget));
  }

  #orders?: OrderRepository;
  get orders(): OrderRepository {
    return this.#orders ??= createOrderRepository(this.postgres);
  }

  #paymentRepository?: PaymentRepository;
  get paymentRepository(): PaymentRepository {
    return this.#paymentRepository ??= createPaymentRepository(this.postgres);
  }

  #idempotencyKeys?: IdempotencyKeyRepository;
  get idempotencyKeys(): IdempotencyKeyRepository {
    return this.#idempotencyKeys ??= createIdempotencyKeyRepository(this.postgres);
  }

  get createOrder(): CreateOrder {
    const { orders, inventory, releasePieces, config: { paymentWindowMs }, log } = this;
    return createCreateOrder({ orders, inventory, releasePieces, paymentWindowMs, log });
  }

  get listOrders(): ListOrders {
    return createListOrders(this.orders);
  }

  get getOrder(): GetOrder {
    return createGetOrder(this.orders);
  }

  get settle(): SettlePayment {
    const { paymentRepository: repository, payments, inventory, log } = this;
    return createSettlePayment({ repository, payments, inventory, answerWith: keptPaidAnswer, log });
  }

  get payOrder(): PayOrder {
    const { getOrder, inventory, releasePieces, paymentRepository: repository, settle } = this;
    const { recoverAfterMs } = this.config;
    return createPayOrder({ getOrder, inventory, releasePieces, repository, settle, recoverAfterMs });
  }

  get releasePieces(): ReleasePieces {
    return createReleasePieces(this.inventory, this.log);
  }

  get cancelOrder(): CancelOrder {
    const { getOrder, orders, releasePieces, log } = this;
    return createCancelOrder({ getOrder, orders, releasePieces, log });
  }

  get once(): AnswerOnce {
    return createAnswerOnce({
      keys: this.idempotencyKeys,
      leaseMs: this.config.idempotencyLeaseMs,
      log: this.log,
    });
  }

  get recoverPayments(): RecoverPayments {
    const { paymentRepository: repository, inventory, settle, config: { recoverAfterMs }, log } = this;
    return createRecoverPayments({ repository, inventory, settle, recoverAfterMs, log });
  }

  get forgetOldKeys(): ForgetOldKeys {
    return createForgetOldKeys(this.idempotencyKeys, this.log);
  }

  get cancelOverdue(): CancelOverdue {
    const { orders, releasePieces, config: { paymentWindowMs }, log } = this;
    return createCancelOverdue({ orders, releasePieces, paymentWindowMs, log });
  }

  /** Begins what is done beside the requests. Call it once the service is ready; it ends when the container closes. */
  beginWork(): void {
    const work = {
      "recover payments": this.recoverPayments,
      "cancel overdue orders": this.cancelOverdue,
      "forget old idempotency keys": this.forgetOldKeys,
    };
    for (const [name, run] of Object.entries(work)) {
      this.own(repeat({ name, everyMs: this.config.workIntervalMs, run, log: this.log }));
    }
  }

  #app?: OrderApp;
  get app(): OrderApp {
    const { log, createOrder, listOrders, getOrder, payOrder, cancelOrder, once } = this;
    return this.#app ??= createOrderApp({
      log,
      authorize: createAuthorize({
        verify: createSessionVerifier({
          whoami: (request) => callUnary("iam", this.iam.whoami.bind(this.iam), request),
        }),
        serviceToken: this.config.serviceToken,
      }),
      readiness: {
        stores: this.stores,
        upstreams: {
          iam: this.iamHealth.probe,
          inventory: this.inventoryHealth.probe,
          payment: this.paymentHealth.probe,
        },
        isStopping: () => this.stopping.signal.aborted,
      },
      rules: { createOrder, listOrders, getOrder, payOrder, cancelOrder, once },
    });
  }
}
