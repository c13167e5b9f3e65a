import { createHash } from "node:crypto";
import type { SessionUuid } from "@rocket/platform/auth";
import type { Redis } from "@rocket/platform/redis";
import type { Session } from "../model/session.ts";
import { decodeSession, encodeSession } from "./session_record.ts";

/** The sessions, in Redis. Every method throws `Unavailable` or `DeadlineExceeded` where it does not answer. */
export interface SessionRepository {
  /** Keeps a session until its `expiresAt`; one atomic step, so that none is ever there without an expiry. */
  add(sessionUuid: SessionUuid, session: Session): Promise<void>;
  /** One round trip. */
  find(sessionUuid: SessionUuid): Promise<Session | undefined>;
}

/**
 * Writes a session with its lifetime, and lists it among its user's: a sorted set, scored by expiry, which
 * drops what has ended and expires with the last that has not.
 *
 * KEYS: session, user's sessions. ARGV: record, lifetime in ms, digest, end and now in ms since the epoch.
 */
const ADD_SCRIPT = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
end`;

/** Creates the repository over IAM's Redis. */
export function createSessionRepository(redis: Redis): SessionRepository {
  return {
    async add(sessionUuid, session) {
      const digest = digestOf(sessionUuid);
      const now = session.createdAt.getTime();
      const end = session.expiresAt.getTime();
      const keys = [sessionKey(digest), userKey(session.user.uuid)];
      const record = encodeSession(session);
      await redis.run((client) =>
        client.eval(ADD_SCRIPT, keys.length, ...keys, record, end - now, digest, end, now)
      );
    },

    async find(sessionUuid) {
      const record = await redis.run((client) => client.get(sessionKey(digestOf(sessionUuid))));
      return record === null ? undefined : decodeSession(record);
    },
  };
}

/** A copy of the data opens no door: 122 random bits can't be found from their digest. */
function digestOf(sessionUuid: SessionUuid): string {
  return createHash("sha256").update(sessionUuid).digest("base64url");
}

function sessionKey(digest: string): string {
  return `iam:session:${digest}`;
}

function userKey(userUuid: string): string {
  return `iam:user-sessions:${userUuid}`;
}
