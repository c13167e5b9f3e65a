import { AsyncLocalStorage } from "node:async_hooks";
import type { User } from "@rocket/proto/iam";
import type { SessionUuid } from "./session_uuid.ts";

/** Who the request under way belongs to, as IAM answered. */
export interface SessionContext {
  readonly sessionUuid: SessionUuid;
  readonly user: User;
}

/** Who calls: a person, in a session that IAM vouches for, or one of our own services, on nobody's behalf. */
export type Caller =
  | { readonly kind: "session"; readonly session: SessionContext }
  | { readonly kind: "service" };

const storage = new AsyncLocalStorage<Caller>();

/** Runs `work`, and all it awaits, on behalf of a caller. */
export function runWithCaller<T>(caller: Caller, work: () => T): T {
  return storage.run(caller, work);
}

/** The caller of the request under way, or `undefined` where none has been established. */
export function currentCaller(): Caller | undefined {
  return storage.getStore();
}

/**
 * The caller of the request under way, for code behind a door that people and services may pass.
 *
 * @throws {Error} where there is none: the method is not guarded, a fault of ours.
 */
export function requireCaller(): Caller {
  const caller = storage.getStore();
  if (caller === undefined) throw new Error("no caller in context: is this door guarded?");
  return caller;
}
