import type { Changes, GrpcStage } from "../../support/grpc_stage.ts";
import { askInBurst } from "./burst.ts";
import { type Scenarios, UNDECODABLE } from "./scenario.ts";

/** Drives `auth.v1.AuthService` into every documented status. */
export function authScenarios({ ask, visitor }: GrpcStage): Scenarios {
  const login = (changes?: Changes) => ask("auth.v1.AuthService/Login", changes);
  const logout = (changes?: Changes) => ask("auth.v1.AuthService/Logout", changes);
  const whoami = (changes?: Changes) => ask("auth.v1.AuthService/Whoami", changes);
  return {
    "auth.v1.AuthService/Login": {
      "OK": { ask: () => login() },
      "INVALID_ARGUMENT": { ask: () => login(UNDECODABLE) },
      "UNAUTHENTICATED CREDENTIALS_INVALID": { ask: () => login({ message: { password: "not it" } }) },
      "ABORTED ACCOUNT_CHANGED": { given: "the accounts have just changed", ask: () => login() },
      "RESOURCE_EXHAUSTED PASSWORD_QUEUE_FULL": { ask: () => askInBurst(login) },
      "RESOURCE_EXHAUSTED RATE_LIMITED": { given: "too many attempts came from here", ask: () => login() },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Postgres is down", ask: () => login() },
      "DEADLINE_EXCEEDED": { given: "Postgres is silent", ask: () => login() },
      "INTERNAL": { given: "the tables are gone", ask: () => login() },
    },
    "auth.v1.AuthService/Whoami": {
      "OK": { ask: () => whoami() },
      "INVALID_ARGUMENT": { ask: () => whoami(UNDECODABLE) },
      "UNAUTHENTICATED SESSION_INVALID": {
        ask: () => whoami({ message: { session_uuid: crypto.randomUUID() } }),
      },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Redis is down", ask: () => whoami() },
      "DEADLINE_EXCEEDED": { given: "Redis is silent", ask: () => whoami() },
      "INTERNAL": { given: "the sessions are garbled", ask: () => whoami() },
    },
    "auth.v1.AuthService/Logout": {
      "OK": { ask: () => logout() },
      "INVALID_ARGUMENT": { ask: () => logout(UNDECODABLE) },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Redis is down", ask: () => logout() },
      "DEADLINE_EXCEEDED": { given: "Redis is silent", ask: () => logout() },
      "INTERNAL": {
        given: "the sessions are garbled",
        ask: () => logout({ message: { session_uuid: visitor.sessionUuid } }),
      },
    },
  };
}
