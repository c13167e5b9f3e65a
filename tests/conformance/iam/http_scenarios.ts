import type { ClientOptions } from "@rocket/platform/http-client";
import { fetchAsText, fetchStalling, fetchWith } from "../../support/broken_fetch.ts";
import type { IamTypedClient } from "../../support/iam_typed_clients.ts";
import { newPerson, type Person } from "../../support/person.ts";
import type { TypedAnswer } from "../../support/typed_clients.ts";
import type { Condition } from "../condition.ts";

/** How an operation is brought to answer with a status. */
export interface HttpScenario {
  readonly ask: (client: IamTypedClient) => Promise<TypedAnswer>;
  /** Sent by the client; the person's session by default. */
  readonly options?: ClientOptions;
  /** The condition of the system; everything is up by default. */
  readonly given?: Condition;
  /** Whether so many have to ask at once that one of them is refused. */
  readonly isBurst?: boolean;
}

/** Drives IAM's HTTP API into every documented answer, by operation, status and reason. */
export function httpScenarios(
  { login, password, sessionUuid }: Person,
): Readonly<Record<string, HttpScenario>> {
  const register = (client: IamTypedClient) => client.register(newPerson());
  const logIn = (client: IamTypedClient) => client.login({ login, password });
  const whoami = (client: IamTypedClient) => client.whoami();
  const huge = fetchWith(" ".repeat(64 * 1024 + 1));

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
    "whoami 200": { ask: whoami, options: { sessionUuid } },
    "whoami 401 SESSION_INVALID": { ask: whoami },
    "whoami 500 INTERNAL": { ask: whoami, options: { sessionUuid }, given: "the sessions are garbled" },
    "whoami 503 DEPENDENCY_UNAVAILABLE": { ask: whoami, options: { sessionUuid }, given: "Redis is down" },
    "whoami 504 DEADLINE_EXCEEDED": { ask: whoami, options: { sessionUuid }, given: "Redis is silent" },
  };
}
