import type { Secret } from "../config/secret.ts";
import { PermissionDenied, Unauthenticated } from "../core/failure.ts";
import type { Caller } from "./caller.ts";
import { isServiceToken, SERVICE_TOKEN_INVALID, type ServiceToken } from "./service_token.ts";
import { parseSessionUuid, type SessionUuid } from "./session_uuid.ts";

/** Who may call a method or route: a person in a session, our own services, both, or anyone. */
export type Access = "session" | "service" | "session or service" | "open";

/** Every access that has to be checked. */
export type GuardedAccess = Exclude<Access, "open">;

/** What a caller sent to identify itself, unchecked; `undefined` for what it did not send. */
export interface Credentials {
  readonly sessionUuid: string | undefined;
  readonly serviceToken: string | undefined;
}

/**
 * Finds out whose session it is.
 *
 * @returns The user's UUID, in canonical form.
 * @throws {Unauthenticated} if the session is unknown or expired.
 * @throws {Unavailable | DeadlineExceeded} if that can't be checked now; never reported as "unauthenticated".
 */
export type SessionVerifier = (sessionUuid: SessionUuid) => Promise<string>;

/**
 * Decides who a caller is and whether it may pass: the one check behind every guarded door. ASVS 7.2.1, 8.2.1.
 *
 * A service token is looked at first, if the door is open to services and one was sent.
 *
 * @throws {Unauthenticated} if the session or the token is missing, malformed, unknown or expired.
 * @throws {PermissionDenied} for a valid session at a door that only services may pass.
 * @throws {Unavailable | DeadlineExceeded} if the session can't be checked now.
 */
export type Authorize = (access: GuardedAccess, credentials: Credentials) => Promise<Caller>;

/** Dependencies of {@linkcode createAuthorize}. */
export interface AuthorizeDependencies {
  readonly verify: SessionVerifier;
  /** The secret our services share. */
  readonly serviceToken: Secret<ServiceToken>;
}

/** Creates the authority check. */
export function createAuthorize({ verify, serviceToken }: AuthorizeDependencies): Authorize {
  return async (access, credentials) => {
    if (access !== "session" && credentials.serviceToken !== undefined) {
      if (isServiceToken(credentials.serviceToken, serviceToken)) return { kind: "service" };
      throw new Unauthenticated(SERVICE_TOKEN_INVALID, "the service token is not valid");
    }
    // IAM need not be asked about something that can't be an identifier.
    const sessionUuid = parseSessionUuid(credentials.sessionUuid);
    if (sessionUuid === undefined) throw new Unauthenticated();
    const session = { sessionUuid, userUuid: await verify(sessionUuid) };
    if (access === "service") {
      throw new PermissionDenied("SERVICES_ONLY", "only services may call this method");
    }
    return { kind: "session", session };
  };
}
