import { fileURLToPath } from "node:url";
import { createAuthorize, createSessionVerifier } from "@rocket/platform/auth";
import { kafkaOf, warnOfPlaintext } from "@rocket/platform/config";
import { createClient, createHealthProbe } from "@rocket/platform/grpc";
import { createForgetOldEvents, createOutbox } from "@rocket/platform/outbox";
import { createHttpDoor } from "@rocket/platform/http";
import { createLocalRateLimit, type RatePolicy } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { createPostgres, migrate } from "@rocket/platform/postgres";
import { createRedis, createSharedRateLimit } from "@rocket/platform/redis";
import type { ServiceParts } from "@rocket/platform/service";
import { watchGrpcTls, watchHttpTls } from "@rocket/platform/tls";
import { ORDER_ASSEMBLED, ORDER_PAID } from "@rocket/proto/events";
import { AuthService } from "@rocket/proto/iam";
import { InventoryService } from "@rocket/proto/inventory";
import { PaymentService } from "@rocket/proto/payment";
import { createOrderApp } from "./api/app.ts";
import { createInventory } from "./client/inventory.ts";
import { createPayments } from "./client/payment.ts";
import { ORDER_FILES, ORDER_VARIABLES, type OrderConfig } from "./config.ts";
import { createIdempotencyKeyRepository } from "./repository/idempotency_keys.ts";
import { createOrderRepository } from "./repository/orders.ts";
import { createPaymentRepository } from "./repository/payments.ts";
import { createReservationRepository } from "./repository/reservations.ts";
import { createStatusChanges } from "./repository/status_changes.ts";
import { createAnswerOnce } from "./service/answer_once.ts";
import { createAssembleOrder } from "./service/assemble_order.ts";
import { createCancelOrder } from "./service/cancel_order.ts";
import { createCancelOverdue } from "./service/cancel_overdue.ts";
import { createCreateOrder, FIRST_RESERVATION_MS } from "./service/create_order.ts";
import { createExtendReservation } from "./service/extend_reservation.ts";
import { createFollowOrder } from "./service/follow_order.ts";
import { createForgetOldKeys } from "./service/forget_old_keys.ts";
import { createGetOrder } from "./service/get_order.ts";
import { createListOrders } from "./service/list_orders.ts";
import { createPayOrder } from "./service/pay_order.ts";
import { createRecoverPayments } from "./service/recover_payments.ts";
import { createRecoverReservations } from "./service/recover_reservations.ts";
import { createReleasePieces } from "./service/release_pieces.ts";
import { createSettlePayment } from "./service/settle_payment.ts";

/** Creates the order service's parts and connects them. */
export async function wireOrder(config: OrderConfig): Promise<ServiceParts> {
  const { serviceToken, paymentWindowMs, recoverAfterMs } = config;
  const maxUnpaid = { orders: config.maxUnpaidOrders, pieces: config.maxUnpaidPieces };
  const owned = new AsyncDisposableStack();
  const log = createLogger({ service: "order", level: config.logLevel, format: config.logFormat });
  warnOfPlaintext(ORDER_VARIABLES, config, log);
  const grpcTls = owned.use(watchGrpcTls(config, log));
  const httpTls = owned.use(watchHttpTls(config, log));
  const postgres = owned.use(createPostgres(config.postgresUrl));
  const iam = owned.use(createClient(AuthService, "iam", config.iamTarget, grpcTls));
  const inventoryRpc = owned.use(
    createClient(InventoryService, "inventory", config.inventoryTarget, grpcTls),
  );
  const inventory = createInventory(inventoryRpc, serviceToken);
  const paymentRpc = owned.use(createClient(PaymentService, "payment", config.paymentTarget, grpcTls));
  const payments = createPayments(paymentRpc, serviceToken);

  const redis = config.redisUrl === null ? undefined : owned.use(createRedis(config.redisUrl, log));
  const limit = (policy: RatePolicy) =>
    redis === undefined
      ? createLocalRateLimit(policy)
      : createSharedRateLimit(policy, { redis, prefix: "order:rate", log });

  const orders = createOrderRepository(postgres);
  const reservations = createReservationRepository(postgres);
  const paymentRepository = createPaymentRepository(postgres);
  const keys = createIdempotencyKeyRepository(postgres);

  const releasePieces = createReleasePieces(inventory, log);
  const extendReservation = createExtendReservation({
    repository: reservations,
    inventory,
    releasePieces,
    paymentWindowMs,
    log,
  });
  // Early enough for a second try before the first reservation expires.
  const extendAfterMs = Math.min(recoverAfterMs, FIRST_RESERVATION_MS / 4);
  const createOrder = createCreateOrder({
    orders,
    inventory,
    releasePieces,
    maxUnpaid,
    extendReservation,
    extendAfterMs,
    log,
  });
  const listOrders = createListOrders(orders);
  const getOrder = createGetOrder(orders);
  const changes = owned.use(createStatusChanges(config.postgresUrl, log));
  const followOrder = createFollowOrder({ getOrder, changes });
  const cancelOrder = createCancelOrder({ getOrder, orders, releasePieces, log });
  const settle = createSettlePayment({
    repository: paymentRepository,
    payments,
    inventory,
    log,
  });
  const payOrder = createPayOrder({
    getOrder,
    inventory,
    releasePieces,
    repository: paymentRepository,
    settle,
    recoverAfterMs,
  });
  const once = createAnswerOnce({ keys, leaseMs: config.idempotencyLeaseMs, log });

  const assembleOrder = createAssembleOrder(orders, log);

  const kafka = kafkaOf(config);
  // Kafka's library takes as long to load as all else.
  const events = kafka && await import("@rocket/platform/events");
  const relay = kafka && events &&
    owned.use(
      events.createRelay({
        source: "order",
        topics: [ORDER_PAID],
        postgresUrl: config.postgresUrl,
        kafka,
        log,
      }),
    );
  const eventDoor = kafka && events && events.createEventDoor({
    service: "order",
    subscriptions: [events.subscribe(ORDER_ASSEMBLED, ({ orderUuid }) => assembleOrder(orderUuid))],
    kafka,
    log,
  });
  const outbox = createOutbox(postgres);

  const work = {
    "recover payments": createRecoverPayments({
      repository: paymentRepository,
      inventory,
      settle,
      recoverAfterMs,
      log,
    }),
    "recover reservations": createRecoverReservations({
      repository: reservations,
      extendReservation,
      extendAfterMs,
    }),
    "cancel overdue orders": createCancelOverdue({ orders, releasePieces, paymentWindowMs, log }),
    "forget old idempotency keys": createForgetOldKeys(keys, log),
    "forget old events": createForgetOldEvents(outbox, relay !== undefined, log),
  };

  const stores = { postgres: () => postgres.query((sql) => sql`select 1`) };
  const upstreams = {
    iam: owned.use(createHealthProbe("iam", config.iamTarget, grpcTls)).probe,
    inventory: owned.use(createHealthProbe("inventory", config.inventoryTarget, grpcTls)).probe,
    payment: owned.use(createHealthProbe("payment", config.paymentTarget, grpcTls)).probe,
  };
  const verify = createSessionVerifier(iam);
  const stopping = new AbortController();
  const app = createOrderApp({
    log,
    authorize: createAuthorize({ verify, serviceToken, serviceNames: config.serviceNames }),
    verify,
    ending: stopping.signal,
    readiness: { stores, upstreams, isStopping: () => stopping.signal.aborted },
    requestsPerSession: limit({ name: "requests-per-session", ...config.requestsPerSession }),
    corsOrigins: config.corsOrigins,
    docs: config.httpDocs === "on",
    ordersPerUser: limit({ name: "orders-per-user", ...config.ordersPerUser }),
    useCases: { createOrder, listOrders, getOrder, followOrder, payOrder, cancelOrder, once },
  });

  return {
    log,
    doors: [
      createHttpDoor({
        log,
        handler: app.fetch,
        host: config.httpHost,
        port: config.httpPort,
        tls: httpTls,
        stopping,
        corsOrigins: config.corsOrigins,
      }),
      ...(eventDoor === undefined ? [] : [eventDoor]),
    ],
    work: [
      ...Object.entries(work).map(([name, run]) => ({ name, everyMs: config.workIntervalMs, run })),
      ...(relay === undefined ? [] : [relay.work]),
    ],
    stores,
    async prepare() {
      await migrate({ url: config.postgresUrl.value, directory: fileURLToPath(ORDER_FILES.migrations), log });
    },
    config,
    owned,
  };
}
