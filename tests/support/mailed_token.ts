import { answerOf } from "@rocket/platform/testing/raw-client";
import { AccountTokenPurpose } from "@rocket/proto/iam";
import type { System } from "./system.ts";

/** What a token is for. */
const PURPOSES = {
  resetPassword: AccountTokenPurpose.ACCOUNT_TOKEN_PURPOSE_RESET_PASSWORD,
  verifyEmail: AccountTokenPurpose.ACCOUNT_TOKEN_PURPOSE_VERIFY_EMAIL,
} as const;

/** Asks for a token as the service that mails it. */
export async function issueToken(
  system: System,
  userUuid: string,
  purpose: keyof typeof PURPOSES,
): Promise<string> {
  const asService = { "service-token": system.variable("SERVICE_TOKEN") };
  const issued = await answerOf(
    system.user.issueAccountToken({ userUuid, purpose: PURPOSES[purpose] }, asService),
  );
  return issued.token;
}
