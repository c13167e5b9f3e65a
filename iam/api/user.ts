import type { UserRegistrationInfo, UserService } from "@rocket/proto/iam";
import { requireCaller, requireSession } from "@rocket/platform/auth";
import { InvalidArgument, parseUuid, UUID_RULE } from "@rocket/platform/core";
import type { UnaryHandlers } from "@rocket/platform/grpc";
import type { ChangeAccount } from "../service/change_account.ts";
import type { GetUser } from "../service/get_user.ts";
import type { Register } from "../service/register.ts";
import { toUserMessage } from "./messages.ts";
import type { Registration } from "../model/user.ts";
import { parseProfile, parseRegistration } from "./registration.ts";

/** The use cases behind `user.v1.UserService`. */
export interface UserUseCases {
  readonly register: Register;
  readonly getUser: GetUser;
  readonly changeAccount: ChangeAccount;
}

/** Creates the handlers of `user.v1.UserService`. */
export function createUserApi(
  { register, getUser, changeAccount: { changePassword, updateProfile, deleteAccount } }: UserUseCases,
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
      await changePassword(requireSession(), oldPassword, newPassword);
      return {};
    },
    async updateProfile(request) {
      await updateProfile(requireSession(), request.password, parseProfile(request));
      return {};
    },
    async deleteAccount({ password }) {
      await deleteAccount(requireSession(), password);
      return {};
    },
  };
}

const PASSWORD_PATH = "info.password";

function readRegistration(message: UserRegistrationInfo | undefined, minLength: number): Registration {
  const { info, password = "" } = message ?? {};
  const { login = "", email = "", notificationMethods = [] } = info ?? {};
  return parseRegistration(
    { login, email, password, notificationMethods },
    (field) => field === "password" ? PASSWORD_PATH : `info.info.${field}`,
    minLength,
  );
}
