import {
  Container,
  createGrpcClient,
  createHealthProbe,
  createLogger,
  createPostgres,
  createSessionVerifier,
  type GrpcClient,
  type HealthProbe,
  type Logger,
  type Postgres,
  type Probes,
} from "@rocket/platform";
import { AuthServiceClient, InventoryServiceClient } from "@rocket/proto";
import { createOrderApp, type OrderApp } from "./api/app.ts";
import { createInventory, type Inventory } from "./client/inventory.ts";
import type { OrderConfig } from "./config.ts";
import { createOrderRepository, type OrderRepository } from "./repository/orders.ts";
import { createCreateOrder, type CreateOrder } from "./service/create_order.ts";
import { createGetOrder, type GetOrder } from "./service/get_order.ts";

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

  #inventoryClient?: GrpcClient<InventoryServiceClient>;
  get inventory(): Inventory {
    this.#inventoryClient ??= this.own(createGrpcClient(InventoryServiceClient, this.config.inventoryTarget));
    return createInventory(this.#inventoryClient.stub);
  }

  #iamHealth?: HealthProbe;
  get iamHealth(): HealthProbe {
    return this.#iamHealth ??= this.own(createHealthProbe("iam", this.config.iamTarget));
  }

  #inventoryHealth?: HealthProbe;
  get inventoryHealth(): HealthProbe {
    return this.#inventoryHealth ??= this.own(createHealthProbe("inventory", this.config.inventoryTarget));
  }

  #orders?: OrderRepository;
  get orders(): OrderRepository {
    return this.#orders ??= createOrderRepository(this.postgres);
  }

  get createOrder(): CreateOrder {
    return createCreateOrder({ orders: this.orders, inventory: this.inventory, log: this.log });
  }

  get getOrder(): GetOrder {
    return createGetOrder(this.orders);
  }

  #app?: OrderApp;
  get app(): OrderApp {
    return this.#app ??= createOrderApp({
      log: this.log,
      verify: createSessionVerifier(this.iam),
      readiness: {
        stores: this.stores,
        upstreams: { iam: this.iamHealth.probe, inventory: this.inventoryHealth.probe },
        isStopping: () => this.stopping.signal.aborted,
      },
      createOrder: this.createOrder,
      getOrder: this.getOrder,
    });
  }
}
