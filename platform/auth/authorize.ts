import { PermissionDenied, Unauthenticated } from "../core/failure.ts";
import type { Caller } from "./caller.ts";
import { isService, SERVICE_TOKEN_INVALID, type ServiceTrust } from "./service_token.ts";
import { parseSessionUuid, type SessionUuid } from "./session_uuid.ts";

/** Who may call a method or route: a person in a session, our own services, both, or anyone. */
export type Access = "session" | "service" | "session or service" | "open";

/** Every access that has to be checked. */
export type GuardedAccess = Exclude<Access, "open">;

/** What a caller sent to identify itself, unchecked; `undefined` for what it did not send. */
export interface Credentials {
  readonly sessionUuid: string | undefined;
  readonly serviceToken: string | undefined;
  /** Gives the DNS names in the certificate of its connection, if that was checked; none by default. */
  readonly peerNames?: () => readonly string[];
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
 * A service token is looked at first, if the door is open to services and one was sent. A certificate is looked at only
 * if the caller says so in the place of a token.
 *
 * @throws {Unauthenticated} if the session or the token is missing, malformed, unknown or expired.
 * @throws {PermissionDenied} for a valid session at a door that only services may pass.
 * @throws {Unavailable | DeadlineExceeded} if the session can't be checked now.
 */
export type Authorize = (access: GuardedAccess, credentials: Credentials) => Promise<Caller>;

/** Dependencies of {@linkcode createAuthorize}. */
export interface AuthorizeDependencies extends ServiceTrust {
  readonly verify: SessionVerifier;
}

/** Creates the authority check. */
export function createAuthorize({ verify, ...trust }: AuthorizeDependencies): Authorize {
  return async (access, credentials) => {
    const { serviceToken, peerNames = () => [] } = credentials;
    if (access !== "session" && serviceToken !== undefined) {
      if (isService(serviceToken, trust, peerNames)) return { kind: "service" };
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
