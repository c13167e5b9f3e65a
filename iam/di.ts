import type { Server } from "@grpc/grpc-js";
import { AuthServiceService, UserServiceService } from "@rocket/proto/iam";
import type { Probes } from "@rocket/platform/core";
import { addUnaryService, authInterceptor, createGrpcServer } from "@rocket/platform/grpc";
import { type Access, createAuthorize } from "@rocket/platform/auth";
import { createLogger, type Logger } from "@rocket/platform/log";
import { createPostgres, type Postgres } from "@rocket/platform/postgres";
import { createRedis, type Redis } from "@rocket/platform/redis";
import { Container } from "@rocket/platform/service";
import type { AuthServiceServer, UserServiceServer } from "@rocket/proto/iam";
import { createAuthApi } from "./api/auth.ts";
import { createUserApi } from "./api/user.ts";
import type { IamConfig } from "./config.ts";
import { createSessionRepository, type SessionRepository } from "./repository/sessions.ts";
import { createUserRepository, type UserRepository } from "./repository/users.ts";
import { createGetUser, type GetUser } from "./service/get_user.ts";
import { createLogIn, type LogIn } from "./service/login.ts";
import { createPasswordHasher, type PasswordHasher } from "./service/password_hasher.ts";
import { createRegister, type Register } from "./service/register.ts";
import { createWhoami, type Whoami } from "./service/whoami.ts";

/** `Whoami` is open: its request is the session itself. */
const ACCESS: Readonly<Record<string, Access>> = {
  [AuthServiceService.login.path]: "open",
  [AuthServiceService.whoami.path]: "open",
  [UserServiceService.register.path]: "open",
  [UserServiceService.getUser.path]: "session or service",
};

/** Builds IAM's parts, each when it is first asked for, and closes them in reverse order. */
export class IamContainer extends Container {
  readonly log: Logger;

  constructor(readonly config: IamConfig) {
    super();
    this.log = createLogger({ service: "iam", level: config.logLevel, format: config.logFormat });
  }

  #postgres?: Postgres;
  get postgres(): Postgres {
    return this.#postgres ??= this.own(createPostgres(this.config.postgresUrl));
  }

  #redis?: Redis;
  get redis(): Redis {
    return this.#redis ??= this.own(createRedis(this.config.redisUrl, this.log));
  }

  get stores(): Probes {
    return {
      postgres: () => this.postgres.query((sql) => sql`select 1`),
      redis: () => this.redis.run((client) => client.ping()),
    };
  }

  #users?: UserRepository;
  get users(): UserRepository {
    return this.#users ??= createUserRepository(this.postgres);
  }

  #sessions?: SessionRepository;
  get sessions(): SessionRepository {
    return this.#sessions ??= createSessionRepository(this.redis);
  }

  #hasher?: PasswordHasher;
  get hasher(): PasswordHasher {
    return this.#hasher ??= createPasswordHasher({
      memoryKib: this.config.argon2MemoryKib,
      passes: this.config.argon2Passes,
      lanes: this.config.argon2Lanes,
      concurrency: this.config.argon2Concurrency,
      queue: this.config.argon2Queue,
    });
  }

  get register(): Register {
    return createRegister({ users: this.users, hasher: this.hasher });
  }

  get logIn(): LogIn {
    const { users, sessions, hasher, log } = this;
    return createLogIn({ users, sessions, hasher, sessionTtlMs: this.config.sessionTtlMs, log });
  }

  get whoami(): Whoami {
    return createWhoami(this.sessions);
  }

  get getUser(): GetUser {
    return createGetUser(this.users);
  }

  #server?: Server;
  get server(): Server {
    return this.#server ??= this.#createServer();
  }

  #createServer(): Server {
    const { log, whoami } = this;
    const authorize = createAuthorize({
      verify: async (sessionUuid) => (await whoami(sessionUuid)).user.uuid,
      serviceToken: this.config.serviceToken,
    });
    const server = createGrpcServer({
      log,
      interceptors: [authInterceptor({ authorize, access: ACCESS, log })],
    });
    const auth = createAuthApi(this.logIn, this.whoami);
    const user = createUserApi(this.register, this.getUser);
    addUnaryService<AuthServiceServer>(server, AuthServiceService, auth, this.log);
    addUnaryService<UserServiceServer>(server, UserServiceService, user, this.log);
    return server;
  }
}
