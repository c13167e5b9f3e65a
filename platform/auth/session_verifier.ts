import type { WhoamiResponse } from "@rocket/proto/iam";
import { parseUuid } from "../core/uuid.ts";
import type { SessionVerifier } from "./authorize.ts";

/** The one method of `AuthService` that a verifier calls. */
export interface WhoamiClient {
  whoami(request: { readonly sessionUuid: string }): Promise<WhoamiResponse>;
}

/**
 * Creates a verifier that asks IAM (`AuthService.Whoami`) every time, so that a revoked session is refused by the very
 * next check. ASVS 7.2.2.
 */
export function createSessionVerifier(iam: WhoamiClient): SessionVerifier {
  return async (sessionUuid) => {
    const { user } = await iam.whoami({ sessionUuid });
    const userUuid = parseUuid(user?.uuid ?? "");
    if (userUuid === undefined) throw new TypeError("iam answered Whoami without a valid user UUID");
    return userUuid;
  };
}
