import type { iamApi } from "@rocket/proto/iam";
import type { User } from "../model/user.ts";
import type { OpenedSession } from "../service/login.ts";
import type { OwnSession } from "../service/own_sessions.ts";
import type { LiveSession } from "../model/session.ts";

/** A session that was just opened, in the contract's form. */
export function toOpenedAnswer({ sessionUuid, expiresAt }: OpenedSession): iamApi.LoginResponse {
  return { session_uuid: sessionUuid, expires_at: expiresAt.toISOString() };
}

/** A session and its user, in the contract's form. The caller has the session's identifier; the answer does not. */
export function toWhoamiAnswer(
  { createdAt, expiresAt, user }: LiveSession,
): iamApi.WhoamiResponse {
  return {
    session: {
      created_at: createdAt.toISOString(),
      updated_at: createdAt.toISOString(),
      expires_at: expiresAt.toISOString(),
    },
    user: toUserAnswer(user),
  };
}

/** A user's own sessions, in the contract's form. */
export function toSessionsAnswer(sessions: readonly OwnSession[]): iamApi.ListSessionsResponse {
  return {
    sessions: sessions.map(({ digest, session, isCurrent }) => ({
      handle: digest,
      created_at: session.createdAt.toISOString(),
      last_seen_at: session.lastSeenAt.toISOString(),
      expires_at: session.expiresAt.toISOString(),
      user_agent: session.userAgent,
      address: session.address,
      current: isCurrent,
    })),
  };
}

function toUserAnswer(user: User): iamApi.User {
  return {
    user_uuid: user.uuid,
    login: user.login,
    email: user.email,
    notification_methods: user.notificationMethods.map(({ provider, target }) => ({
      provider_name: provider,
      target,
    })),
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
    email_verified_at: user.emailVerifiedAt?.toISOString() ?? null,
  };
}
