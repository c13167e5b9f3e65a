import type { ServerInterceptor } from "@grpc/grpc-js";
import { runWithSession } from "../context/session_context.ts";
import type { Logger } from "../log/logger.ts";
import type { SessionVerifier } from "../session/session_verifier.ts";
import { gateInterceptor } from "./interceptor.ts";
import { SESSION_UUID_KEY, textValue } from "./metadata.ts";

/** Who may call a method: whoever has a valid session, or anyone. */
export type Access = "session" | "open";

/** What the interceptor is built from. */
export interface AuthInterceptorOptions {
  /** Asks IAM whose session it is. */
  readonly verify: SessionVerifier;
  /** Exceptions from the default `session`, by full method path (`/package.Service/Method`). */
  readonly access?: Readonly<Record<string, Access>>;
  readonly log: Logger;
}

/** Open on every server: who watches a service has no session, and who looks at contracts needs none. */
const OPEN_TO_ALL: Readonly<Record<string, Access>> = {
  "/grpc.health.v1.Health/Check": "open",
  "/grpc.health.v1.Health/Watch": "open",
  "/grpc.health.v1.Health/List": "open",
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo": "open",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": "open",
};

/**
 * Creates the gRPC twin of `authMiddleware`: reads metadata `session-uuid`, asks IAM, and runs the call
 * with the session in its context.
 *
 * A call without a valid session is answered `UNAUTHENTICATED` before its message is read; where IAM
 * can't be asked, `UNAVAILABLE` or `DEADLINE_EXCEEDED`. ASVS 7.2.1, 8.2.1.
 */
export function authInterceptor({ verify, access = {}, log }: AuthInterceptorOptions): ServerInterceptor {
  const accessByPath = new Map(Object.entries({ ...OPEN_TO_ALL, ...access }));
  return gateInterceptor(async (path, metadata) => {
    if (accessByPath.get(path) === "open") return (work) => work();
    const session = await verify(textValue(metadata, SESSION_UUID_KEY));
    return (work) => runWithSession(session, work);
  }, log);
}
