import { fileURLToPath } from "node:url";
import { type Access, createAuthorize } from "@rocket/platform/auth";
import { kafkaOf, warnOfPlaintext } from "@rocket/platform/config";
import { createLoadShedder, type WorkKind } from "@rocket/platform/core";
import { createForgetOldEvents, createOutbox } from "@rocket/platform/outbox";
import { authInterceptor, createGrpcDoor, rpcService } from "@rocket/platform/grpc";
import { createHttpDoor } from "@rocket/platform/http";
import type { RatePolicy } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { createPostgres, migrate } from "@rocket/platform/postgres";
import { createRedis, createSharedRateLimit } from "@rocket/platform/redis";
import type { ServiceParts } from "@rocket/platform/service";
import { watchGrpcTls, watchHttpTls } from "@rocket/platform/tls";
import { IAM_ACCOUNT } from "@rocket/proto/events";
import { AuthService, SessionService, UserService } from "@rocket/proto/iam";
import { createIamApp } from "./api/app.ts";
import { createAuthApi } from "./api/auth.ts";
import { createSessionApi } from "./api/sessions.ts";
import { createUserApi } from "./api/user.ts";
import { createBreachedPasswords, OFFLINE_LIST_ONLY } from "./client/breached_passwords.ts";
import { IAM_FILES, IAM_VARIABLES, type IamConfig } from "./config.ts";
import { warnOfEviction } from "./repository/eviction.ts";
import { createAccountChangeRepository } from "./repository/account_changes.ts";
import { createAccountTokenRepository } from "./repository/account_tokens.ts";
import { createKnownAddresses } from "./repository/known_addresses.ts";
import { createResetRequestRepository } from "./repository/reset_requests.ts";
import { createSessionRepository } from "./repository/sessions.ts";
import { createUserRepository } from "./repository/users.ts";
import { createAudit } from "./service/audit.ts";
import { createChangeAccount } from "./service/change_account.ts";
import { createConfirmPassword } from "./service/confirm_password.ts";
import { createFinishChanges, createFollowChange } from "./service/follow_change.ts";
import { createForgetExpiredTokens } from "./service/forget_expired_tokens.ts";
import { createGetUser } from "./service/get_user.ts";
import { createHashNewPassword } from "./service/hash_new_password.ts";
import { createNoteSeen } from "./service/last_seen.ts";
import { createLogIn } from "./service/login.ts";
import { createLogOut } from "./service/logout.ts";
import { createOwnSessions } from "./service/own_sessions.ts";
import { createPasswordHasher } from "./service/password_hasher.ts";
import { createProxyHint } from "./service/proxy_hint.ts";
import { createNotePublisher } from "./service/publish_notes.ts";
import { createPublishResetRequests } from "./service/publish_reset_requests.ts";
import { createRedeemToken } from "./service/redeem_token.ts";
import { createRegister } from "./service/register.ts";
import { createRequestMail } from "./service/request_mail.ts";
import { createThrottle, NO_THROTTLE } from "./service/throttle.ts";
import { createWhoami } from "./service/whoami.ts";

/** `Whoami` and `Logout` are open: their request is the session itself. */
const ACCESS: Readonly<Record<string, Access>> = {
  [AuthService.login.path]: "open",
  [AuthService.logout.path]: "open",
  [AuthService.whoami.path]: "open",
  [UserService.register.path]: "open",
  [UserService.getUser.path]: "session or service",
  [UserService.issueAccountToken.path]: "service",
  [UserService.requestPasswordReset.path]: "open",
  [UserService.resetPassword.path]: "open",
  [UserService.verifyEmail.path]: "open",
};

/** How each request's work is limited under overload, unless its name says it. */
const WORK: Readonly<Record<string, WorkKind>> = {
  [AuthService.login.path]: "hash",
  [AuthService.whoami.path]: "session check",
  [SessionService.revokeOtherSessions.path]: "hash",
  [SessionService.revokeSession.path]: "hash",
  [UserService.changePassword.path]: "hash",
  [UserService.deleteAccount.path]: "hash",
  [UserService.register.path]: "hash",
  [UserService.resetPassword.path]: "hash",
  [UserService.updateProfile.path]: "hash",
  "GET /api/v1/iam/whoami": "session check",
  "POST /api/v1/iam/login": "hash",
  "POST /api/v1/iam/register": "hash",
  "POST /api/v1/iam/sessions/revoke": "hash",
  "POST /api/v1/iam/password": "hash",
  "POST /api/v1/iam/password/reset": "hash",
  "PATCH /api/v1/iam/profile": "hash",
  "DELETE /api/v1/iam/account": "hash",
};

/** How often to look for account changes that a crash left unfinished, in milliseconds. */
const FINISH_EVERY_MS = 5_000;

/** How often to publish events that no change of an account writes, in milliseconds. */
const PUBLISH_EVERY_MS = 1_000;

/** How often to look for what need not be kept any longer, in milliseconds. */
const FORGET_EVERY_MS = 60_000;

/** Creates IAM's parts and connects them. */
export async function wireIam(config: IamConfig): Promise<ServiceParts> {
  const owned = new AsyncDisposableStack();
  const log = createLogger({ service: "iam", level: config.logLevel, format: config.logFormat });
  warnOfPlaintext(IAM_VARIABLES, config, log);
  const grpcTls = owned.use(watchGrpcTls(config, log));
  const httpTls = owned.use(watchHttpTls(config, log));
  const postgres = owned.use(createPostgres(config.postgresUrl));
  const redis = owned.use(createRedis(config.redisUrl, log));

  const users = createUserRepository(postgres);
  const sessions = createSessionRepository(redis, {
    ttlMs: config.sessionTtlMs,
    idleTtlMs: config.sessionIdleTtlMs,
    perUser: config.sessionsPerUser,
  });
  const changes = createAccountChangeRepository(postgres);
  const tokens = createAccountTokenRepository(postgres);
  const resetRequests = createResetRequestRepository(postgres);
  const hasher = createPasswordHasher({
    memoryKib: config.argon2MemoryKib,
    passes: config.argon2Passes,
    lanes: config.argon2Lanes,
    concurrency: config.argon2Concurrency,
    queue: config.argon2Queue,
  });

  const { passwordMinLength, passwordRangeUrl } = config;
  const breached = passwordRangeUrl === null
    ? OFFLINE_LIST_ONLY
    : createBreachedPasswords(passwordRangeUrl, log);
  const outbox = createOutbox(postgres);
  const kafka = kafkaOf(config);
  // Kafka's library takes as long to load as all else.
  const events = kafka && await import("@rocket/platform/events");
  const relay = kafka && events &&
    owned.use(
      events.createRelay({
        source: "iam",
        topics: [IAM_ACCOUNT],
        postgresUrl: config.postgresUrl,
        kafka,
        log,
      }),
    );
  const notes = createNotePublisher({ outbox, users, log });
  owned.defer(notes.close);
  const audit = createAudit(log, notes.publish);
  const throttleRedis = config.throttleRedisUrl === null
    ? redis
    : owned.use(createRedis(config.throttleRedisUrl, log));
  const limit = (policy: RatePolicy) =>
    createSharedRateLimit(policy, { redis: throttleRedis, prefix: "iam:throttle", log });
  const throttle = config.throttles === "off" ? NO_THROTTLE : createThrottle({
    limits: {
      accountAndAddress: limit({
        name: "logins-per-account-and-address",
        ...config.loginsPerAccountAndAddress,
      }),
      address: limit({ name: "logins-per-address", ...config.loginsPerAddress }),
      account: limit({ name: "logins-per-account", ...config.loginsPerAccount }),
      registrations: limit({ name: "registrations-per-address", ...config.registrationsPerAddress }),
      mailsFromAddress: limit({ name: "mails-per-address", ...config.mailsPerAddress }),
      mailsToAccount: limit({ name: "mails-per-account", ...config.mailsPerAccount }),
    },
    known: createKnownAddresses(throttleRedis),
    ...(config.trustedProxies.isEmpty && { onClient: createProxyHint(log) }),
    audit,
    log,
  });
  const register = createRegister({ users, breached, hasher, throttle, audit });
  const logIn = createLogIn({
    users,
    sessions,
    hasher,
    sessionTtlMs: config.sessionTtlMs,
    throttle,
    audit,
    log,
  });
  const whoami = createWhoami(sessions, createNoteSeen(sessions, log));
  const logOut = createLogOut(sessions, audit);
  const getUser = createGetUser(users);
  const confirmPassword = createConfirmPassword({ users, hasher, throttle, audit });
  const followChange = createFollowChange({ users, sessions, changes });
  const ownSessions = createOwnSessions({ sessions, changes, confirmPassword, followChange, audit });
  const hashNewPassword = createHashNewPassword({ breached, hasher, passwordMinLength });
  const changeAccount = createChangeAccount({
    confirmPassword,
    hashNewPassword,
    changes,
    followChange,
    throttle,
    audit,
  });
  const requestMail = createRequestMail({ requests: resetRequests, tokens, throttle, audit, log });
  const redeemToken = createRedeemToken({ tokens, changes, hashNewPassword, followChange, throttle, audit });

  const authorize = createAuthorize({
    verify: async (sessionUuid) => (await whoami(sessionUuid)).user.uuid,
    serviceToken: config.serviceToken,
    serviceNames: config.serviceNames,
  });
  const shedder = createLoadShedder();
  const { trustedProxies, serviceToken, serviceNames } = config;
  const grpcDoor = createGrpcDoor({
    log,
    host: config.grpcHost,
    port: config.grpcPort,
    tls: grpcTls,
    interceptors: [authInterceptor({ authorize, access: ACCESS, log })],
    clientSource: { trustedProxies, services: { serviceToken, serviceNames } },
    services: [
      rpcService(AuthService, createAuthApi({ logIn, logOut, whoami })),
      rpcService(SessionService, createSessionApi(ownSessions)),
      rpcService(
        UserService,
        createUserApi({ register, getUser, changeAccount, requestMail, redeemToken }, passwordMinLength),
      ),
    ],
    reflection: config.grpcReflection === "on",
    work: WORK,
    shedder,
  });

  const stores = { postgres: () => postgres.query((sql) => sql`select 1`), redis: sessions.probe };
  const stopping = new AbortController();
  const app = createIamApp({
    log,
    authorize,
    readiness: { stores, upstreams: {}, isStopping: () => stopping.signal.aborted },
    trustedProxies,
    corsOrigins: config.corsOrigins,
    docs: config.httpDocs === "on",
    useCases: {
      register,
      logIn,
      logOut,
      whoami,
      ownSessions,
      changeAccount,
      requestMail,
      redeemToken,
      passwordMinLength,
    },
  });
  const httpDoor = createHttpDoor({
    log,
    handler: app.fetch,
    host: config.httpHost,
    port: config.httpPort,
    tls: httpTls,
    stopping,
    corsOrigins: config.corsOrigins,
    work: WORK,
    shedder,
  });

  return {
    log,
    doors: [grpcDoor, httpDoor],
    work: [
      {
        name: "finish account changes",
        everyMs: FINISH_EVERY_MS,
        run: createFinishChanges(changes, followChange),
      },
      { name: "publish account events", everyMs: PUBLISH_EVERY_MS, run: notes.flush },
      {
        name: "publish password reset requests",
        everyMs: PUBLISH_EVERY_MS,
        run: createPublishResetRequests(resetRequests, audit),
      },
      {
        name: "forget expired tokens",
        everyMs: FORGET_EVERY_MS,
        run: createForgetExpiredTokens(tokens, log),
      },
      {
        name: "forget old account events",
        everyMs: FORGET_EVERY_MS,
        run: createForgetOldEvents(outbox, relay !== undefined, log),
      },
      ...(relay === undefined ? [] : [relay.work]),
    ],
    stores,
    async prepare() {
      await migrate({ url: config.postgresUrl.value, directory: fileURLToPath(IAM_FILES.migrations), log });
      await warnOfEviction(redis, log);
      if (config.throttles === "off") log.warn("THROTTLES=off: passwords may be guessed without a limit");
    },
    config,
    owned,
  };
}
