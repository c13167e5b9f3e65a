import type { SessionService } from "@rocket/proto/iam";
import { requireSession } from "@rocket/platform/auth";
import type { UnaryHandlers } from "@rocket/platform/grpc";
import type { OwnSessions } from "../service/own_sessions.ts";

/** Implements `auth.v1.SessionService`. */
export function createSessionApi(ownSessions: OwnSessions): UnaryHandlers<SessionService> {
  return {
    async listSessions() {
      const sessions = await ownSessions.list(requireSession());
      return {
        sessions: sessions.map(({ digest, session, isCurrent }) => ({
          handle: digest,
          createdAt: session.createdAt,
          lastSeenAt: session.lastSeenAt,
          expiresAt: session.expiresAt,
          userAgent: session.userAgent,
          address: session.address,
          current: isCurrent,
        })),
      };
    },
    async revokeSession({ handle, password }) {
      await ownSessions.end(requireSession(), handle, password);
      return {};
    },
    async revokeOtherSessions({ password }) {
      await ownSessions.endOthers(requireSession(), password);
      return {};
    },
  };
}
