import type { Server } from "@grpc/grpc-js";
import type { Probes } from "@rocket/platform/core";
import {
  addUnaryService,
  authInterceptor,
  callUnary,
  createGrpcClient,
  createGrpcServer,
  type GrpcClient,
} from "@rocket/platform/grpc";
import { type Access, createAuthorize, createSessionVerifier } from "@rocket/platform/auth";
import { createLogger, type Logger } from "@rocket/platform/log";
import { createPostgres, type Postgres } from "@rocket/platform/postgres";
import { Container, repeat } from "@rocket/platform/service";
import { AuthServiceClient } from "@rocket/proto/iam";
import { type InventoryServiceServer, InventoryServiceService } from "@rocket/proto/inventory";
import { createInventoryApi } from "./api/inventory.ts";
import type { InventoryConfig } from "./config.ts";
import { createPartRepository, type PartRepository } from "./repository/parts.ts";
import { createReservationRepository, type ReservationRepository } from "./repository/reservations.ts";
import { type CommitParts, createCommitParts } from "./service/commit_parts.ts";
import { createEndExpired, type EndExpired } from "./service/end_expired.ts";
import { createGetPart, type GetPart } from "./service/get_part.ts";
import { createListParts, type ListParts } from "./service/list_parts.ts";
import { createReleaseParts, type ReleaseParts } from "./service/release_parts.ts";
import { createReserveParts, type ReserveParts } from "./service/reserve_parts.ts";

/** What a person's session does not open: an order's pieces are moved by what the order comes to, never by hand. */
const ACCESS: Readonly<Record<string, Access>> = {
  [InventoryServiceService.reserveParts.path]: "service",
  [InventoryServiceService.commitParts.path]: "service",
  [InventoryServiceService.releaseParts.path]: "service",
};

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

  #reservations?: ReservationRepository;
  get reservations(): ReservationRepository {
    return this.#reservations ??= createReservationRepository(this.postgres);
  }

  get endExpired(): EndExpired {
    return createEndExpired(this.reservations, this.log);
  }

  get reserveParts(): ReserveParts {
    const { reservations, endExpired, log } = this;
    return createReserveParts({ reservations, endExpired, log });
  }

  get commitParts(): CommitParts {
    return createCommitParts(this.reservations, this.log);
  }

  get releaseParts(): ReleaseParts {
    return createReleaseParts(this.reservations, this.log);
  }

  /** From now on ends reservations whose time is over. */
  startSweeping(): void {
    const { endExpired, log } = this;
    const everyMs = this.config.reservationSweepIntervalMs;
    this.own(
      repeat({ name: "end expired reservations", everyMs, run: (closing) => endExpired({ closing }), log }),
    );
  }

  #server?: Server;
  get server(): Server {
    return this.#server ??= this.#createServer();
  }

  #createServer(): Server {
    const { log } = this;
    const { serviceToken } = this.config;
    const verify = createSessionVerifier({
      whoami: (request) => callUnary("iam", this.iam.whoami.bind(this.iam), request),
    });
    const authorize = createAuthorize({ verify, serviceToken });
    const auth = authInterceptor({ authorize, access: ACCESS, log });
    const server = createGrpcServer({ log, interceptors: [auth] });
    const { getPart, listParts, reserveParts, commitParts, releaseParts } = this;
    const api = createInventoryApi({ getPart, listParts, reserveParts, commitParts, releaseParts });
    addUnaryService<InventoryServiceServer>(server, InventoryServiceService, api, log);
    return server;
  }
}
