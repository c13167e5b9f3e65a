import { currentCaller, runWithCaller, type SessionContext } from "./caller_context.ts";

/** Runs `work`, and all it awaits, on behalf of the session's user. */
export function runWithSession<T>(session: SessionContext, work: () => T): T {
  return runWithCaller({ kind: "session", session }, work);
}

/** The session of the request under way, or `undefined` where none has been established. */
export function currentSession(): SessionContext | undefined {
  const caller = currentCaller();
  return caller?.kind === "session" ? caller.session : undefined;
}

/**
 * The session of the request under way, for code that only runs behind the auth interceptor or middleware.
 *
 * @throws {Error} where there is none: the route or method is not guarded, a fault of ours.
 */
export function requireSession(): SessionContext {
  const session = currentSession();
  if (session === undefined) throw new Error("no session in context: is this door guarded?");
  return session;
}
