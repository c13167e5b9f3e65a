import type { Session as SessionMessage, User as UserMessage } from "@rocket/proto/iam";
import type { User } from "../model/user.ts";
import type { LiveSession } from "../model/session.ts";

/** Converts a user to `common.v1.User`. */
export function toUserMessage(user: User): UserMessage {
  return {
    uuid: user.uuid,
    info: {
      login: user.login,
      email: user.email,
      notificationMethods: user.notificationMethods.map(({ provider, target }) => ({
        providerName: provider,
        target,
      })),
    },
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    emailVerifiedAt: user.emailVerifiedAt,
  };
}

/** Converts a session to `common.v1.Session`. */
export function toSessionMessage({ uuid, createdAt, expiresAt }: LiveSession): SessionMessage {
  // Nothing that the contract shows of a session changes.
  return { uuid, createdAt, updatedAt: createdAt, expiresAt };
}
