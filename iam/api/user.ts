import {
  AccountTokenPurpose,
  type IssueAccountTokenRequest,
  type UserRegistrationInfo,
  type UserService,
} from "@rocket/proto/iam";
import { requireCaller, requireSession } from "@rocket/platform/auth";
import { collectViolations, InvalidArgument, parseUuid, UUID_RULE } from "@rocket/platform/core";
import type { UnaryHandlers } from "@rocket/platform/grpc";
import type { ChangeAccount } from "../service/change_account.ts";
import type { GetUser } from "../service/get_user.ts";
import type { RedeemToken } from "../service/redeem_token.ts";
import type { Register } from "../service/register.ts";
import type { RequestMail } from "../service/request_mail.ts";
import { toUserMessage } from "./messages.ts";
import type { TokenPurpose } from "../model/account_token.ts";
import type { Registration } from "../model/user.ts";
import { parseProfile, parseRegistration, parseSentEmail } from "./registration.ts";

/** The use cases behind `user.v1.UserService`. */
export interface UserUseCases {
  readonly register: Register;
  readonly getUser: GetUser;
  readonly changeAccount: ChangeAccount;
  readonly requestMail: RequestMail;
  readonly redeemToken: RedeemToken;
}

/** Creates the handlers of `user.v1.UserService`. */
export function createUserApi(
  { register, getUser, changeAccount, requestMail, redeemToken }: UserUseCases,
  passwordMinLength: number,
): UnaryHandlers<UserService> {
  return {
    register: async ({ info }) => ({
      userUuid: await register(readRegistration(info, passwordMinLength), PASSWORD_PATH),
    }),
    getUser: async ({ userUuid }) => {
      const uuid = parseUuid(userUuid);
      if (uuid === undefined) throw new InvalidArgument([{ field: "user_uuid", message: UUID_RULE }]);
      return { user: toUserMessage(await getUser(uuid, requireCaller())) };
    },
    async changePassword({ oldPassword, newPassword }) {
      await changeAccount.changePassword(requireSession(), oldPassword, newPassword);
      return {};
    },
    async updateProfile(request) {
      await changeAccount.updateProfile(requireSession(), request.password, parseProfile(request));
      return {};
    },
    async deleteAccount({ password }) {
      await changeAccount.deleteAccount(requireSession(), password);
      return {};
    },
    async requestPasswordReset({ email }) {
      await requestMail.passwordReset(parseSentEmail(email));
      return {};
    },
    async resetPassword({ token, newPassword }) {
      await redeemToken.resetPassword(token, newPassword);
      return {};
    },
    async requestEmailVerification() {
      await requestMail.emailVerification(requireSession());
      return {};
    },
    async verifyEmail({ token }) {
      await redeemToken.verifyEmail(token);
      return {};
    },
    issueAccountToken: async (request) => {
      const { userUuid, purpose } = readTokenRequest(request);
      return await requestMail.issueToken(userUuid, purpose);
    },
  };
}

const PASSWORD_PATH = "info.password";

/** Every purpose that a token can have. */
const PURPOSES: ReadonlyMap<AccountTokenPurpose, TokenPurpose> = new Map([
  [AccountTokenPurpose.ACCOUNT_TOKEN_PURPOSE_RESET_PASSWORD, "reset_password"],
  [AccountTokenPurpose.ACCOUNT_TOKEN_PURPOSE_VERIFY_EMAIL, "verify_email"],
]);

function readTokenRequest({ userUuid, purpose }: IssueAccountTokenRequest) {
  const { refuse, finish } = collectViolations();
  return finish({
    userUuid: parseUuid(userUuid) ?? refuse("user_uuid", UUID_RULE),
    purpose: PURPOSES.get(purpose) ?? refuse("purpose", "must be one that the contract names"),
  });
}

function readRegistration(message: UserRegistrationInfo | undefined, minLength: number): Registration {
  const { info, password = "" } = message ?? {};
  const { login = "", email = "", notificationMethods = [] } = info ?? {};
  return parseRegistration(
    { login, email, password, notificationMethods },
    (field) => field === "password" ? PASSWORD_PATH : `info.info.${field}`,
    minLength,
  );
}
