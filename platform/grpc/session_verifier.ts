import type { AuthServiceClient } from "@rocket/proto/iam";
import type { SessionContext } from "../auth/caller_context.ts";
import { Unauthenticated } from "../core/failure.ts";
import { callUnary } from "./call.ts";
import { parseSessionUuid } from "../auth/session_uuid.ts";

/**
 * Finds out whose session an identifier is, as a caller sent it.
 *
 * @throws {Unauthenticated} when it is absent, malformed, unknown or expired.
 * @throws {Unavailable} when IAM can't be reached; never told as "unauthenticated".
 * @throws {DeadlineExceeded} when IAM does not answer in time.
 */
export type SessionVerifier = (identifier: string | undefined) => Promise<SessionContext>;

/** Creates a verifier that asks IAM (`AuthService.Whoami`) each time: a revoked session opens nothing more. ASVS 7.2.2. */
export function createSessionVerifier(iam: AuthServiceClient): SessionVerifier {
  return async (identifier) => {
    const sessionUuid = parseSessionUuid(identifier);
    // What can't be an identifier need not be asked about.
    if (sessionUuid === undefined) throw new Unauthenticated();
    const { user } = await callUnary("iam", iam.whoami.bind(iam), { sessionUuid });
    if (user === undefined) throw new TypeError("iam answered Whoami without a user");
    return { sessionUuid, user };
  };
}
