import type { ServerInterceptor } from "@grpc/grpc-js";
import { runWithCaller } from "../auth/caller_context.ts";
import { runWithSession } from "../auth/session_context.ts";
import { PermissionDenied, Unauthenticated } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";
import { isServiceToken, SERVICE_TOKEN_INVALID, type ServiceToken } from "../auth/service_token.ts";
import type { SessionVerifier } from "./session_verifier.ts";
import { gateInterceptor } from "./interceptor.ts";
import { SERVICE_TOKEN_KEY, SESSION_UUID_KEY, textValue } from "../auth/metadata.ts";

/** Who may call a method: whoever has a valid session, our own services, both, or anyone. */
export type Access = "session" | "service" | "session or service" | "open";

/** What the interceptor is built from. */
export interface AuthInterceptorOptions {
  /** Asks IAM whose session it is. */
  readonly verify: SessionVerifier;
  /** What services prove themselves by; where it is absent, nobody passes for one. */
  readonly serviceToken?: ServiceToken;
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
 * with the session in its context. Where a method is open to services, metadata `service-token` is read first.
 *
 * A call without a valid session or token is answered `UNAUTHENTICATED` before its message is read; a valid
 * session at a method for services `PERMISSION_DENIED`; where IAM can't be asked, `UNAVAILABLE` or
 * `DEADLINE_EXCEEDED`. ASVS 7.2.1, 8.2.1.
 */
export function authInterceptor(
  { verify, serviceToken, access = {}, log }: AuthInterceptorOptions,
): ServerInterceptor {
  const accessByPath = new Map(Object.entries({ ...OPEN_TO_ALL, ...access }));
  return gateInterceptor(async (path, metadata) => {
    const allowed = accessByPath.get(path) ?? "session";
    if (allowed === "open") return (work) => work();
    if (allowed !== "session" && metadata.get(SERVICE_TOKEN_KEY).length > 0) {
      const offered = textValue(metadata, SERVICE_TOKEN_KEY) ?? "";
      if (serviceToken === undefined || !isServiceToken(offered, serviceToken)) throw serviceTokenInvalid();
      return (work) => runWithCaller({ kind: "service" }, work);
    }
    const session = await verify(textValue(metadata, SESSION_UUID_KEY));
    if (allowed === "service") {
      throw new PermissionDenied("SERVICES_ONLY", "only services may call this method");
    }
    return (work) => runWithSession(session, work);
  }, log);
}

function serviceTokenInvalid(): Unauthenticated {
  return new Unauthenticated(SERVICE_TOKEN_INVALID, "the service token is not valid");
}
