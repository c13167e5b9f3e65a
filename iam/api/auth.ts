import type { AuthService } from "@rocket/proto/iam";
import { SESSION_UUID_KEY, textValue } from "@rocket/platform/auth";
import type { UnaryHandlers } from "@rocket/platform/grpc";
import type { LogIn } from "../service/login.ts";
import type { LogOut } from "../service/logout.ts";
import type { Whoami } from "../service/whoami.ts";
import { toSessionMessage, toUserMessage } from "./messages.ts";

/** The use cases behind `auth.v1.AuthService`. */
export interface AuthUseCases {
  readonly logIn: LogIn;
  readonly logOut: LogOut;
  readonly whoami: Whoami;
}

/** Implements `auth.v1.AuthService`. */
export function createAuthApi({ logIn, logOut, whoami }: AuthUseCases): UnaryHandlers<AuthService> {
  return {
    async login({ login, password }, metadata) {
      const { sessionUuid } = await logIn(login, password, textValue(metadata, SESSION_UUID_KEY));
      return { sessionUuid };
    },
    async logout({ sessionUuid }) {
      await logOut(sessionUuid);
      return {};
    },
    whoami: async ({ sessionUuid }) => {
      const session = await whoami(sessionUuid);
      return { session: toSessionMessage(session), user: toUserMessage(session.user) };
    },
  };
}
