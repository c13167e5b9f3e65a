import type { Changes } from "../../support/grpc_stage.ts";
import type { RawAnswer } from "../../support/grpc_wire.ts";
import { askInBurst } from "./burst.ts";

/**
 * What all methods answer that ask a session for its password.
 *
 * @param refused Makes the request's password wrong.
 * @param unserved Changes to the request where a store does not serve.
 */
export function ofOwnAccount(
  ask: (changes?: Changes) => Promise<RawAnswer>,
  refused: Changes,
  unserved: Changes = {},
) {
  return {
    "OK": { ask: () => ask() },
    "UNAUTHENTICATED SESSION_INVALID": { ask: () => ask({ metadata: {} }) },
    "PERMISSION_DENIED PASSWORD_INCORRECT": { ask: () => ask(refused) },
    "RESOURCE_EXHAUSTED PASSWORD_QUEUE_FULL": { ask: () => askInBurst(() => ask(refused)) },
    "RESOURCE_EXHAUSTED RATE_LIMITED": {
      given: "too many attempts came from here",
      ask: () => ask(unserved),
    },
    "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Postgres is down", ask: () => ask(unserved) },
    "DEADLINE_EXCEEDED": { given: "Postgres is silent", ask: () => ask(unserved) },
    "INTERNAL": { given: "the tables are gone", ask: () => ask(unserved) },
  } as const;
}
