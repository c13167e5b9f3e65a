import type { Changes, GrpcStage } from "../../support/grpc_stage.ts";
import { ofOwnAccount } from "./own_account.ts";
import { type Scenarios, UNDECODABLE } from "./scenario.ts";

/** Drives `auth.v1.SessionService` into every documented status. */
export function sessionScenarios({ ask, visitor }: GrpcStage): Scenarios {
  const list = (changes?: Changes) => ask("auth.v1.SessionService/ListSessions", changes);
  const revoke = (changes?: Changes) => ask("auth.v1.SessionService/RevokeSession", changes);
  const revokeOthers = (changes?: Changes) => ask("auth.v1.SessionService/RevokeOtherSessions", changes);
  const unknown = (password: string) => ({
    message: { handle: "unknown", password },
    metadata: { "session-uuid": visitor.sessionUuid },
  });
  return {
    "auth.v1.SessionService/ListSessions": {
      "OK": { ask: () => list() },
      "INVALID_ARGUMENT": { ask: () => list(UNDECODABLE) },
      "UNAUTHENTICATED SESSION_INVALID": { ask: () => list({ metadata: {} }) },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Redis is down", ask: () => list() },
      "DEADLINE_EXCEEDED": { given: "Redis is silent", ask: () => list() },
      "INTERNAL": { given: "the sessions are garbled", ask: () => list() },
    },
    "auth.v1.SessionService/RevokeSession": {
      ...ofOwnAccount(revoke, unknown("not it"), unknown(visitor.password)),
      "INVALID_ARGUMENT": { ask: () => revoke(UNDECODABLE) },
      "NOT_FOUND SESSION_NOT_FOUND": { ask: () => revoke(unknown(visitor.password)) },
    },
    "auth.v1.SessionService/RevokeOtherSessions": {
      ...ofOwnAccount(revokeOthers, { message: { password: "not it" } }),
      "INVALID_ARGUMENT": { ask: () => revokeOthers(UNDECODABLE) },
    },
  };
}
