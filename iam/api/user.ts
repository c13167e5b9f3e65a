import type { UserRegistrationInfo, UserService } from "@rocket/proto/iam";
import { requireCaller } from "@rocket/platform/auth";
import { InvalidArgument, parseUuid, UUID_RULE } from "@rocket/platform/core";
import type { UnaryHandlers } from "@rocket/platform/grpc";
import type { GetUser } from "../service/get_user.ts";
import type { Register } from "../service/register.ts";
import { toUserMessage } from "./messages.ts";
import type { Registration } from "../model/user.ts";
import { parseRegistration } from "./registration.ts";

/** Creates the handlers of `user.v1.UserService`. */
export function createUserApi(register: Register, getUser: GetUser): UnaryHandlers<UserService> {
  return {
    register: async ({ info }) => ({ userUuid: await register(readRegistration(info)) }),
    getUser: async ({ userUuid }) => {
      const uuid = parseUuid(userUuid);
      if (uuid === undefined) throw new InvalidArgument([{ field: "user_uuid", message: UUID_RULE }]);
      return { user: toUserMessage(await getUser(uuid, requireCaller())) };
    },
  };
}

function readRegistration(message: UserRegistrationInfo | undefined): Registration {
  const { info, password = "" } = message ?? {};
  const { login = "", email = "", notificationMethods = [] } = info ?? {};
  return parseRegistration(
    { login, email, password, notificationMethods },
    (field) => field === "password" ? "info.password" : `info.info.${field}`,
  );
}
