import type { Server } from "@grpc/grpc-js";
import {
  addUnaryService,
  authInterceptor,
  Container,
  createGrpcClient,
  createGrpcServer,
  createLogger,
  createPostgres,
  createSessionVerifier,
  type GrpcClient,
  type Logger,
  type Postgres,
  type Probes,
} from "@rocket/platform";
import { AuthServiceClient, type InventoryServiceServer, InventoryServiceService } from "@rocket/proto";
import { createInventoryApi } from "./api/inventory.ts";
import type { InventoryConfig } from "./config.ts";
import { createPartRepository, type PartRepository } from "./repository/parts.ts";
import { createGetPart, type GetPart } from "./service/get_part.ts";
import { createListParts, type ListParts } from "./service/list_parts.ts";

/** Builds inventory's parts, each when it is first asked for, and closes them in reverse order. */
export class InventoryContainer extends Container {
  readonly log: Logger;

  constructor(readonly config: InventoryConfig) {
    super();
    this.log = createLogger({ service: "inventory", level: config.logLevel, format: config.logFormat });
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

  #parts?: PartRepository;
  get parts(): PartRepository {
    return this.#parts ??= createPartRepository(this.postgres);
  }

  get getPart(): GetPart {
    return createGetPart(this.parts);
  }

  get listParts(): ListParts {
    return createListParts(this.parts);
  }

  #server?: Server;
  get server(): Server {
    return this.#server ??= this.#createServer();
  }

  #createServer(): Server {
    const { log } = this;
    const { serviceToken } = this.config;
    const auth = authInterceptor({ verify: createSessionVerifier(this.iam), serviceToken, log });
    const server = createGrpcServer({ log, interceptors: [auth] });
    const api = createInventoryApi(this.getPart, this.listParts);
    addUnaryService<InventoryServiceServer>(server, InventoryServiceService, api, log);
    return server;
  }
}
