import { fileURLToPath } from "node:url";
import { type Access, createAuthorize } from "@rocket/platform/auth";
import { authInterceptor, createGrpcDoor, rpcService } from "@rocket/platform/grpc";
import { createHttpDoor } from "@rocket/platform/http";
import { createLogger } from "@rocket/platform/log";
import { createPostgres, migrate } from "@rocket/platform/postgres";
import { createRedis } from "@rocket/platform/redis";
import type { ServiceParts } from "@rocket/platform/service";
import { AuthService, UserService } from "@rocket/proto/iam";
import { createIamApp } from "./api/app.ts";
import { createAuthApi } from "./api/auth.ts";
import { createUserApi } from "./api/user.ts";
import { IAM_FILES, type IamConfig } from "./config.ts";
import { warnOfEviction } from "./repository/eviction.ts";
import { createSessionRepository } from "./repository/sessions.ts";
import { createUserRepository } from "./repository/users.ts";
import { createGetUser } from "./service/get_user.ts";
import { createLogIn } from "./service/login.ts";
import { createPasswordHasher } from "./service/password_hasher.ts";
import { createRegister } from "./service/register.ts";
import { createWhoami } from "./service/whoami.ts";

/** `Whoami` is open: its request is the session itself. */
const ACCESS: Readonly<Record<string, Access>> = {
  [AuthService.login.path]: "open",
  [AuthService.whoami.path]: "open",
  [UserService.register.path]: "open",
  [UserService.getUser.path]: "session or service",
};

/** Creates IAM's parts and connects them. */
export function wireIam(config: IamConfig): ServiceParts {
  const owned = new AsyncDisposableStack();
  const log = createLogger({ service: "iam", level: config.logLevel, format: config.logFormat });
  const postgres = owned.use(createPostgres(config.postgresUrl));
  const redis = owned.use(createRedis(config.redisUrl, log));

  const users = createUserRepository(postgres);
  const sessions = createSessionRepository(redis);
  const hasher = createPasswordHasher({
    memoryKib: config.argon2MemoryKib,
    passes: config.argon2Passes,
    lanes: config.argon2Lanes,
    concurrency: config.argon2Concurrency,
    queue: config.argon2Queue,
  });

  const register = createRegister({ users, hasher });
  const logIn = createLogIn({ users, sessions, hasher, sessionTtlMs: config.sessionTtlMs, log });
  const whoami = createWhoami(sessions);
  const getUser = createGetUser(users);

  const authorize = createAuthorize({
    verify: async (sessionUuid) => (await whoami(sessionUuid)).user.uuid,
    serviceToken: config.serviceToken,
  });
  const grpcDoor = createGrpcDoor({
    log,
    host: config.grpcHost,
    port: config.grpcPort,
    interceptors: [authInterceptor({ authorize, access: ACCESS, log })],
    services: [
      rpcService(AuthService, createAuthApi(logIn, whoami)),
      rpcService(UserService, createUserApi(register, getUser)),
    ],
  });

  const stores = { postgres: () => postgres.query((sql) => sql`select 1`), redis: sessions.probe };
  const stopping = new AbortController();
  const app = createIamApp({
    log,
    authorize,
    readiness: { stores, upstreams: {}, isStopping: () => stopping.signal.aborted },
    corsOrigins: config.corsOrigins,
    useCases: { register, logIn, whoami },
  });
  const httpDoor = createHttpDoor({
    handler: app.fetch,
    host: config.httpHost,
    port: config.httpPort,
    stopping,
  });

  return {
    log,
    doors: [grpcDoor, httpDoor],
    stores,
    async prepare() {
      await migrate({ url: config.postgresUrl, directory: fileURLToPath(IAM_FILES.migrations), log });
      await warnOfEviction(redis, log);
    },
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    shutdownDelayMs: config.shutdownDelayMs,
    owned,
  };
}
