import { createHash } from "node:crypto";
import type { SessionUuid } from "@rocket/platform/auth";
import type { Redis } from "@rocket/platform/redis";
import type { Session } from "../model/session.ts";
import { decodeSession, encodeSession } from "./session_record.ts";

/** The sessions in Redis. Every method throws `Unavailable` or `DeadlineExceeded` if Redis does not answer. */
export interface SessionRepository {
  /** Stores a session until its `expiresAt`, in one atomic step, so that no session ever lacks an expiry. */
  add(sessionUuid: SessionUuid, session: Session): Promise<void>;
  /** Takes one round trip. The caller checks `expiresAt`: the clock of Redis may be behind. */
  find(sessionUuid: SessionUuid): Promise<Session | undefined>;
  /**
   * Uses Redis exactly as a login and a look-up do, on keys that expire at once. Fails if nothing can be written or a
   * permission is missing, which a `PING` would not notice.
   */
  probe(): Promise<void>;
}

/**
 * Writes a session with its end, and lists it among its user's: a sorted set, scored by expiry, which drops
 * sessions that have expired and expires with the last of the others. The end is a point in time, not a
 * lifetime: a write that arrives late does not make a session live longer.
 *
 * KEYS: session, user's sessions. ARGV: record, digest, end and now in ms since the epoch.
 */
const ADD_SCRIPT = `
redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
if redis.call('PEXPIRETIME', KEYS[2]) < tonumber(ARGV[3]) then
  redis.call('PEXPIREAT', KEYS[2], ARGV[3])
end`;

/** Creates the session repository over IAM's Redis. */
export function createSessionRepository(redis: Redis): SessionRepository {
  return {
    async add(sessionUuid, session) {
      const digest = digestOf(sessionUuid);
      const keys = [sessionKey(digest), userKey(session.user.uuid)];
      const [now, end] = [session.createdAt.getTime(), session.expiresAt.getTime()];
      const record = encodeSession(session);
      await redis.run((client) => client.eval(ADD_SCRIPT, keys.length, ...keys, record, digest, end, now));
    },

    async find(sessionUuid) {
      const record = await redis.run((client) => client.get(sessionKey(digestOf(sessionUuid))));
      return record === null ? undefined : decodeSession(record);
    },

    async probe() {
      const key = sessionKey(PROBE);
      const keys = [key, userKey(PROBE)];
      const now = Date.now();
      await redis.run((client) => client.eval(ADD_SCRIPT, keys.length, ...keys, PROBE, PROBE, now, now));
      await redis.run((client) => client.get(key));
    },
  };
}

/** Not the digest of any session. */
const PROBE = "probe";

/** A copy of the data is useless to a thief: 122 random bits can't be found from their digest. */
function digestOf(sessionUuid: SessionUuid): string {
  return createHash("sha256").update(sessionUuid).digest("base64url");
}

function sessionKey(digest: string): string {
  return `iam:session:${digest}`;
}

function userKey(userUuid: string): string {
  return `iam:user-sessions:${userUuid}`;
}
