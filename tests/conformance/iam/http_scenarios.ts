import type { ClientOptions } from "@rocket/platform/http-client";
import { fetchAsText, fetchStalling, fetchWith } from "../../support/broken_fetch.ts";
import type { IamTypedClient } from "../../support/iam_typed_clients.ts";
import { newPerson, type Person } from "../../support/person.ts";
import type { TypedAnswer } from "../../support/typed_clients.ts";
import type { Condition } from "../condition.ts";

/** How an operation is brought to answer with a status. */
export interface HttpScenario {
  readonly ask: (client: IamTypedClient) => Promise<TypedAnswer>;
  /** Whether a new person asks, whose session or account is then gone. */
  readonly isLeaving?: boolean;
  /** Sent by the client; the person's session by default. */
  readonly options?: ClientOptions;
  /** The condition of the system; everything is up by default. */
  readonly given?: Condition;
  /** Whether so many have to ask at once that one of them is refused. */
  readonly isBurst?: boolean;
}

/**
 * Drives IAM's HTTP API into every documented answer, by operation, status and reason.
 *
 * @param visitor Whose sessions no scenario uses: a user's oldest sessions give way to new ones.
 * @param newToken A token that is mailed to a new person.
 */
export function httpScenarios(
  { login, email, password, sessionUuid }: Person,
  visitor: Person,
  newToken: (purpose: "resetPassword" | "verifyEmail") => Promise<string>,
): Readonly<Record<string, HttpScenario>> {
  const register = (client: IamTypedClient) => client.register(newPerson());
  const logIn = (client: IamTypedClient) =>
    client.login({ login: visitor.login, password: visitor.password });
  const whoami = (client: IamTypedClient) => client.whoami();
  const listSessions = (client: IamTypedClient) => client.listSessions();
  const huge = fetchWith(" ".repeat(64 * 1024 + 1));

  const inSession = { sessionUuid };

  /** What every operation answers that is throttled and depends on PostgreSQL. */
  function withStores(
    id: string,
    ask: (client: IamTypedClient) => Promise<TypedAnswer>,
    options: ClientOptions = {},
  ): Readonly<Record<string, HttpScenario>> {
    return {
      [`${id} 429 RATE_LIMITED`]: { ask, options, given: "too many attempts came from here" },
      [`${id} 500 INTERNAL`]: { ask, options, given: "the tables are gone" },
      [`${id} 503 DEPENDENCY_UNAVAILABLE`]: { ask, options, given: "Postgres is down" },
      [`${id} 504 DEADLINE_EXCEEDED`]: { ask, options, given: "Postgres is silent" },
    };
  }

  /** What every operation answers that takes a body. */
  function withBody(
    id: string,
    ask: (client: IamTypedClient) => Promise<TypedAnswer>,
    malformed: string,
    options: ClientOptions = {},
  ): Readonly<Record<string, HttpScenario>> {
    return {
      [`${id} 400 INVALID_ARGUMENT`]: { ask, options: { ...options, fetch: fetchWith(malformed) } },
      [`${id} 408 REQUEST_TIMEOUT`]: { ask, options: { ...options, fetch: fetchStalling } },
      [`${id} 413 PAYLOAD_TOO_LARGE`]: { ask, options: { ...options, fetch: huge } },
      [`${id} 415 UNSUPPORTED_MEDIA_TYPE`]: { ask, options: { ...options, fetch: fetchAsText } },
    };
  }

  /** What every operation answers that uses a mailed token, here one that is none. */
  function withToken(
    id: string,
    guess: (client: IamTypedClient) => Promise<TypedAnswer>,
  ): Readonly<Record<string, HttpScenario>> {
    return {
      ...withStores(id, guess),
      ...withBody(id, guess, '{"token":7}'),
      [`${id} 403 TOKEN_INVALID`]: { ask: guess },
    };
  }

  /** What every operation answers that asks a session for its password, here a wrong one. */
  function withPassword(
    id: string,
    guess: (client: IamTypedClient) => Promise<TypedAnswer>,
  ): Readonly<Record<string, HttpScenario>> {
    return {
      ...withStores(id, guess, inSession),
      ...withBody(id, guess, '{"password":7}', inSession),
      [`${id} 401 SESSION_INVALID`]: { ask: guess },
      [`${id} 403 PASSWORD_INCORRECT`]: { ask: guess, options: inSession },
    };
  }

  return {
    "register 201": { ask: register },
    "register 400 INVALID_ARGUMENT": {
      ask: (client) => client.register({ ...newPerson(), password: "short" }),
    },
    "register 408 REQUEST_TIMEOUT": { ask: register, options: { fetch: fetchStalling } },
    "register 409 LOGIN_TAKEN": { ask: (client) => client.register(newPerson({ login })) },
    "register 409 EMAIL_TAKEN": {
      ask: (client) => client.register({ ...newPerson(), email: `${login}@example.com` }),
    },
    "register 413 PAYLOAD_TOO_LARGE": { ask: register, options: { fetch: huge } },
    "register 415 UNSUPPORTED_MEDIA_TYPE": { ask: register, options: { fetch: fetchAsText } },
    "register 429 PASSWORD_QUEUE_FULL": { ask: register, isBurst: true },
    "register 500 INTERNAL": { ask: register, given: "the tables are gone" },
    "register 503 DEPENDENCY_UNAVAILABLE": { ask: register, given: "Postgres is down" },
    "register 504 DEADLINE_EXCEEDED": { ask: register, given: "Postgres is silent" },
    "login 200": { ask: logIn },
    "login 400 INVALID_ARGUMENT": { ask: logIn, options: { fetch: fetchWith('{"login":7}') } },
    "login 401 CREDENTIALS_INVALID": { ask: (client) => client.login({ login, password: "not it" }) },
    "login 408 REQUEST_TIMEOUT": { ask: logIn, options: { fetch: fetchStalling } },
    "login 409 ACCOUNT_CHANGED": { ask: logIn, given: "the accounts have just changed" },
    "login 413 PAYLOAD_TOO_LARGE": { ask: logIn, options: { fetch: huge } },
    "login 415 UNSUPPORTED_MEDIA_TYPE": { ask: logIn, options: { fetch: fetchAsText } },
    "login 429 PASSWORD_QUEUE_FULL": { ask: logIn, isBurst: true },
    "login 500 INTERNAL": { ask: logIn, given: "the tables are gone" },
    "login 503 DEPENDENCY_UNAVAILABLE": { ask: logIn, given: "Postgres is down" },
    "login 504 DEADLINE_EXCEEDED": { ask: logIn, given: "Postgres is silent" },
    "logout 204": { ask: (client) => client.logout(), isLeaving: true },
    "logout 401 SESSION_INVALID": { ask: (client) => client.logout() },
    "logout 500 INTERNAL": {
      ask: (client) => client.logout(),
      options: inSession,
      given: "the sessions are garbled",
    },
    "logout 503 DEPENDENCY_UNAVAILABLE": {
      ask: (client) => client.logout(),
      options: inSession,
      given: "Redis is down",
    },
    "logout 504 DEADLINE_EXCEEDED": {
      ask: (client) => client.logout(),
      options: inSession,
      given: "Redis is silent",
    },
    "listSessions 200": { ask: listSessions, options: inSession },
    "listSessions 401 SESSION_INVALID": { ask: listSessions },
    "listSessions 500 INTERNAL": {
      ask: listSessions,
      options: inSession,
      given: "the sessions are garbled",
    },
    "listSessions 503 DEPENDENCY_UNAVAILABLE": {
      ask: listSessions,
      options: inSession,
      given: "Redis is down",
    },
    "listSessions 504 DEADLINE_EXCEEDED": {
      ask: listSessions,
      options: inSession,
      given: "Redis is silent",
    },
    ...withPassword("revokeSessions", (client) => client.revokeSessions({ others: true, password: "no" })),
    "revokeSessions 204": {
      ask: (client) => client.revokeSessions({ others: true, password }),
      isLeaving: true,
    },
    "revokeSessions 404 SESSION_NOT_FOUND": {
      ask: (client) => client.revokeSessions({ handle: "unknown", password }),
      options: inSession,
    },
    ...withPassword(
      "changePassword",
      (client) => client.changePassword({ old_password: "not it", new_password: password }),
    ),
    "changePassword 204": {
      ask: (client) => client.changePassword({ old_password: password, new_password: `new ${password}` }),
      isLeaving: true,
    },
    "changePassword 409 ACCOUNT_CHANGED": {
      ask: (client) => client.changePassword({ old_password: password, new_password: password }),
      options: inSession,
      isBurst: true,
    },
    ...withPassword("updateProfile", (client) => client.updateProfile({ password: "not it" })),
    "updateProfile 204": {
      ask: (client) => client.updateProfile({ password, notification_methods: [] }),
      isLeaving: true,
    },
    "updateProfile 409 EMAIL_TAKEN": {
      ask: (client) => client.updateProfile({ password, email: email.toUpperCase() }),
      isLeaving: true,
    },
    ...withPassword("deleteAccount", (client) => client.deleteAccount({ password: "not it" })),
    "deleteAccount 204": { ask: (client) => client.deleteAccount({ password }), isLeaving: true },
    ...withStores("requestPasswordReset", (client) => client.requestPasswordReset({ email })),
    ...withBody("requestPasswordReset", (client) => client.requestPasswordReset({ email }), '{"email":7}'),
    "requestPasswordReset 204": { ask: (client) => client.requestPasswordReset({ email }) },
    ...withToken("resetPassword", (client) => client.resetPassword({ token: "no", new_password: password })),
    "resetPassword 204": {
      ask: async (client) =>
        client.resetPassword({ token: await newToken("resetPassword"), new_password: password }),
    },
    ...withStores("requestEmailVerification", (client) => client.requestEmailVerification(), inSession),
    "requestEmailVerification 204": {
      ask: (client) => client.requestEmailVerification(),
      options: inSession,
    },
    "requestEmailVerification 401 SESSION_INVALID": { ask: (client) => client.requestEmailVerification() },
    ...withToken("verifyEmail", (client) => client.verifyEmail({ token: "no" })),
    "verifyEmail 204": {
      ask: async (client) => client.verifyEmail({ token: await newToken("verifyEmail") }),
    },
    "whoami 200": { ask: whoami, options: { sessionUuid } },
    "whoami 401 SESSION_INVALID": { ask: whoami },
    "whoami 500 INTERNAL": { ask: whoami, options: { sessionUuid }, given: "the sessions are garbled" },
    "whoami 503 DEPENDENCY_UNAVAILABLE": { ask: whoami, options: { sessionUuid }, given: "Redis is down" },
    "whoami 504 DEADLINE_EXCEEDED": { ask: whoami, options: { sessionUuid }, given: "Redis is silent" },
  };
}
