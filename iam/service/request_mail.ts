import type { CallerSession } from "@rocket/platform/auth";
import { currentRequest } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import { createToken, storedToken, TOKEN_LIFETIME_MS, type TokenPurpose } from "../model/account_token.ts";
import { type Email, foldEmail } from "../model/email.ts";
import { UserNotFound } from "../model/failures.ts";
import type { AccountTokenRepository, TokenTerms } from "../repository/account_tokens.ts";
import type { ResetRequestRepository } from "../repository/reset_requests.ts";
import type { Audit } from "./audit.ts";
import { currentClient } from "./current_client.ts";
import type { Throttle } from "./throttle.ts";

/** A token on its way to its owner. */
export interface IssuedToken extends TokenTerms {
  /** A secret. */
  readonly token: string;
}

/**
 * Mails that prove who owns an account. IAM publishes that one was requested; the service that sends it asks for a token,
 * which so lies in no event (OWASP ASVS 6.4.3).
 */
export interface RequestMail {
  /**
   * Notes that the password of an account was forgotten. Whether an account has the address makes no difference here.
   *
   * @throws {RateExceeded} after too many requests from the client, or for the address.
   */
  passwordReset(email: Email): Promise<void>;
  /** @throws {RateExceeded} after too many requests from the client, or of the user. */
  emailVerification(session: CallerSession): Promise<void>;
  /** Issues a token, which replaces the one for the same purpose. @throws {UserNotFound} also if it is disabled. */
  issueToken(userUuid: string, purpose: TokenPurpose): Promise<IssuedToken>;
}

/** Dependencies of {@link RequestMail}. */
export interface RequestMailDependencies {
  readonly requests: Pick<ResetRequestRepository, "add">;
  readonly tokens: Pick<AccountTokenRepository, "issue" | "requestVerification">;
  readonly throttle: Pick<Throttle, "countMail">;
  readonly audit: Pick<Audit, "change">;
  readonly log: Logger;
}

/** Creates the use cases of mails to owners of accounts. */
export function createRequestMail(
  { requests, tokens, throttle, audit, log }: RequestMailDependencies,
): RequestMail {
  return {
    async passwordReset(address) {
      const email = foldEmail(address);
      await throttle.countMail(email);
      await requests.add({ email, requestId: currentRequest()?.requestId ?? "", ...currentClient() });
    },

    async emailVerification({ userUuid }) {
      await throttle.countMail(userUuid);
      await audit.change(
        { kind: "email_verification_requested", userUuid },
        async (event) => await tokens.requestVerification(userUuid, event) || undefined,
      );
    },

    async issueToken(userUuid, purpose) {
      const token = createToken();
      const terms = await tokens.issue(userUuid, storedToken(token, purpose), TOKEN_LIFETIME_MS[purpose]);
      if (terms === undefined) throw new UserNotFound();
      log.info({ user_uuid: userUuid, purpose }, "token issued");
      return { token, ...terms };
    },
  };
}
