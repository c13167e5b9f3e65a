import type { AuthService } from "@rocket/proto/iam";
import type { UnaryHandlers } from "@rocket/platform/grpc";
import type { LogIn } from "../service/login.ts";
import type { Whoami } from "../service/whoami.ts";
import { toSessionMessage, toUserMessage } from "./messages.ts";

/** Implements `auth.v1.AuthService`. */
export function createAuthApi(logIn: LogIn, whoami: Whoami): UnaryHandlers<AuthService> {
  return {
    login: async ({ login, password }) => ({ sessionUuid: (await logIn(login, password)).sessionUuid }),
    whoami: async ({ sessionUuid }) => {
      const session = await whoami(sessionUuid);
      return { session: toSessionMessage(session), user: toUserMessage(session.user) };
    },
  };
}
