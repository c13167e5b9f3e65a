import { AsyncLocalStorage } from "node:async_hooks";
import type { SessionUuid } from "./session_uuid.ts";

/** A person's live session. Both identifiers are in canonical form. */
export interface CallerSession {
  readonly sessionUuid: SessionUuid;
  readonly userUuid: string;
}

/** Who calls: a person, in a session that IAM vouches for, or one of our own services, for no person. */
export type Caller =
  | { readonly kind: "session"; readonly session: CallerSession }
  | { readonly kind: "service" };

const storage = new AsyncLocalStorage<Caller>();

/** Runs `work`, and everything it awaits, on behalf of a caller. */
export function runWithCaller<T>(caller: Caller, work: () => T): T {
  return storage.run(caller, work);
}

/**
 * The caller of the current request, for code behind a guarded door.
 *
 * @throws {Error} if there is none: the method or route is not guarded, which is a fault of ours.
 */
export function requireCaller(): Caller {
  const caller = storage.getStore();
  if (caller === undefined) throw new Error("no caller in context: is this door guarded?");
  return caller;
}

/** The session of the current request, or `undefined` if there is none. */
export function currentSession(): CallerSession | undefined {
  const caller = storage.getStore();
  return caller?.kind === "session" ? caller.session : undefined;
}

/**
 * The session of the current request, for code behind a door that only sessions open.
 *
 * @throws {Error} if there is none: the method or route is not guarded, which is a fault of ours.
 */
export function requireSession(): CallerSession {
  const session = currentSession();
  if (session === undefined) throw new Error("no session in context: is this door guarded?");
  return session;
}
