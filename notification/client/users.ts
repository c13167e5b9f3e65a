import { Metadata } from "@grpc/grpc-js";
import { addServiceToken, type ServiceToken } from "@rocket/platform/auth";
import type { Secret } from "@rocket/platform/config";
import { RemoteFailure, type RpcClient } from "@rocket/platform/grpc";
import { AccountTokenPurpose, type UserService } from "@rocket/proto/iam";
import { type AccountToken, CHANNELS, type Recipient, type TokenKind } from "../model/message.ts";

/** The users that IAM knows. */
export interface Users {
  /**
   * Asks IAM, as a service, where a user is reached.
   *
   * @returns `undefined` if the account does not exist any more.
   * @throws {Unavailable | DeadlineExceeded} if IAM does not answer.
   */
  find(userUuid: string): Promise<Recipient | undefined>;
  /**
   * Makes a new token, which replaces the last one of its kind.
   *
   * @returns `undefined` if the account does not exist any more, or is disabled.
   * @throws {Unavailable | DeadlineExceeded} if IAM does not answer.
   */
  issueToken(userUuid: string, kind: TokenKind): Promise<AccountToken | undefined>;
}

const PURPOSES: Readonly<Record<TokenKind, AccountTokenPurpose>> = {
  password_reset: AccountTokenPurpose.ACCOUNT_TOKEN_PURPOSE_RESET_PASSWORD,
  email_verification: AccountTokenPurpose.ACCOUNT_TOKEN_PURPOSE_VERIFY_EMAIL,
};

/** Creates the client. */
export function createUsers(rpc: RpcClient<UserService>, token: Secret<ServiceToken>): Users {
  return {
    find: (userUuid) =>
      unlessGone(async () => {
        const { user } = await rpc.getUser({ userUuid }, addServiceToken(new Metadata(), token));
        const { login = "", email = "", notificationMethods = [] } = user?.info ?? {};
        const addresses = notificationMethods.flatMap(({ providerName, target }) => {
          const channel = CHANNELS.find((one) => one === providerName.toLowerCase());
          return channel === undefined ? [] : [{ channel, target }];
        });
        return { login, email, addresses };
      }),
    issueToken: (userUuid, kind) =>
      unlessGone(async () => {
        const request = { userUuid, purpose: PURPOSES[kind] };
        const issued = await rpc.issueAccountToken(request, addServiceToken(new Metadata(), token));
        if (issued.expiresAt === undefined) throw new TypeError("iam issued a token that never expires");
        return { token: issued.token, email: issued.email, expiresAt: issued.expiresAt };
      }),
  };
}

async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RemoteFailure && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}
