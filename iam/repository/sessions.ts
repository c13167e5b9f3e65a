import type { SessionUuid } from "@rocket/platform/auth";
import type { Redis } from "@rocket/platform/redis";
import { digestOf, type Session } from "../model/session.ts";
import type { Account } from "../model/user.ts";
import { decodeSession, encodeSession, isOpenedSince } from "./session_record.ts";
import { CONFIRM_SCRIPT, LIST_SCRIPT, RAISE_SCRIPT, REPLACE_SCRIPT } from "./session_scripts.ts";

/**
 * The sessions in Redis. Each has a key of its own, and its digest is listed in the slot of its user. A command or script
 * touches one slot only, so Redis may be a cluster. Every method throws `Unavailable` or `DeadlineExceeded` if Redis does
 * not answer.
 */
export interface SessionRepository {
  /**
   * Stores a session until its `expiresAt`. The user's oldest sessions beyond the limit end.
   *
   * @returns The digests of the sessions that this ended. `undefined` if it was not opened, and nothing is left of it,
   * because the account has changed since the login began.
   */
  open(sessionUuid: SessionUuid, session: Session): Promise<readonly string[] | undefined>;
  /**
   * Takes one command, and counts as a use. The caller checks `expiresAt`: the clock of Redis may be behind, and a use
   * may extend the idle lifetime past it.
   */
  find(sessionUuid: SessionUuid): Promise<Session | undefined>;
  /** Ends a session. @returns Its user's UUID, or `undefined` if there was no such session. */
  end(sessionUuid: SessionUuid): Promise<string | undefined>;
  /** Finds a user's sessions, those that end first coming first. The caller checks `expiresAt`, as with `find`. */
  list(userUuid: string): Promise<readonly ListedSession[]>;
  /** Ends one session of a user. @returns Whether the user had it. */
  endOne(userUuid: string, digest: string): Promise<boolean>;
  /** Notes when a session was last used, unless it has ended. */
  noteSeen(sessionUuid: SessionUuid, lastSeenAt: Date): Promise<void>;
  /**
   * Ends all sessions of a user that were opened before a change of the account, and those that logins from before it
   * would open. One that was opened after it goes on, however late this is called.
   *
   * @param generation The account's as of the change.
   * @param kept The digest of the one that goes on, if there is one.
   */
  endAll(userUuid: string, generation: number, kept: string | undefined): Promise<void>;
  /** Shows the user's present account in all their sessions, also in those that logins are about to open. */
  showAccount(account: Account): Promise<void>;
  /**
   * Uses Redis exactly as a login and a look-up do, on keys that expire at once. Fails if nothing can be written or a
   * permission is missing, which a `PING` would not notice.
   */
  probe(): Promise<void>;
}

export type { Session } from "../model/session.ts";

/** A session and what names it to its user. */
export interface ListedSession {
  readonly digest: string;
  readonly session: Session;
}

/** Limits of sessions. */
export interface SessionLimits {
  /** The longest life of a session, in milliseconds. */
  readonly ttlMs: number;
  /** How long a session may go unused, in milliseconds; `null` if it does not matter. */
  readonly idleTtlMs: number | null;
  /** How many a user may have. */
  readonly perUser: number;
}

/** Creates the session repository over IAM's Redis. */
export function createSessionRepository(
  redis: Redis,
  { ttlMs, idleTtlMs, perUser }: SessionLimits,
): SessionRepository {
  const runScript = (script: string, keys: readonly string[], ...args: (string | number)[]) =>
    redis.run((client) => client.eval(script, keys.length, ...keys, ...args));

  const getAll = (digests: readonly string[]) =>
    Promise.all(digests.map((digest) => redis.run((client) => client.get(sessionKey(digest)))));

  const deleteAll = (digests: readonly string[]) =>
    Promise.all(digests.map((digest) => redis.run((client) => client.del(sessionKey(digest)))));

  /**
   * The first deletion ends sessions before they are no longer listed, so that one that a crash left can still be found.
   * The second ends one that its login wrote in between, before it saw that it was no longer listed.
   *
   * @returns The digests of those that existed, each to one caller only.
   */
  async function endListed(userUuid: string, digests: readonly string[]): Promise<readonly string[]> {
    if (digests.length === 0) return [];
    const before = await deleteAll(digests);
    const [, list] = userKeys(userUuid);
    await redis.run((client) => client.zrem(list, ...digests));
    const after = await deleteAll(digests);
    return digests.filter((_, at) => before[at] === 1 || after[at] === 1);
  }

  async function list(userUuid: string, generation: number, digest: string, end: number) {
    const tooMany = await runScript(
      LIST_SCRIPT,
      userKeys(userUuid),
      generation,
      digest,
      end,
      Date.now(),
      perUser,
    );
    return tooMany === null ? undefined : readDigests(tooMany);
  }

  async function write(digest: string, record: string, end: number): Promise<void> {
    // The end is a point in time, not a lifetime: a write that arrives late does not make a session live longer.
    const idleEnd = idleTtlMs === null ? end : Math.min(end, Date.now() + idleTtlMs);
    await redis.run((client) => client.set(sessionKey(digest), record, "PXAT", idleEnd));
  }

  async function isConfirmed(userUuid: string, generation: number, digest: string): Promise<boolean> {
    return await runScript(CONFIRM_SCRIPT, userKeys(userUuid), generation, digest) === 1;
  }

  /** Raises the user's generation. @returns The digests of all their sessions. */
  async function raise(userUuid: string, generation: number): Promise<readonly string[]> {
    return readDigests(
      await runScript(RAISE_SCRIPT, userKeys(userUuid), generation, Date.now() + ttlMs),
    );
  }

  /** Changes a live session, unless `change` returns it as it is. */
  async function update(digest: string, change: (session: Session) => Session): Promise<void> {
    const key = sessionKey(digest);
    let isUpdated = false;
    while (!isUpdated) {
      const record = await redis.run((client) => client.get(key));
      const session = record === null ? undefined : decodeSession(record);
      const changed = session && change(session);
      if (record === null || changed === undefined || changed === session) return;
      isUpdated = await runScript(REPLACE_SCRIPT, [key], record, encodeSession(changed)) === 1;
    }
  }

  /** With an idle lifetime, the look-up extends it in the same command, which can't create a key. */
  const lookUp = (digest: string) =>
    redis.run((client) =>
      idleTtlMs === null ? client.get(sessionKey(digest)) : client.getex(sessionKey(digest), "PX", idleTtlMs)
    );

  return {
    async open(sessionUuid, session) {
      const digest = digestOf(sessionUuid);
      const { user, generation } = session;
      const record = encodeSession(session);
      const end = session.expiresAt.getTime();
      const tooMany = await list(user.uuid, generation, digest, end);
      if (tooMany === undefined) return undefined;
      await write(digest, record, end);
      const isOpen = await isConfirmed(user.uuid, generation, digest);
      const ended = await endListed(user.uuid, isOpen ? tooMany : [digest]);
      return isOpen ? ended : undefined;
    },

    async find(sessionUuid) {
      const record = await lookUp(digestOf(sessionUuid));
      return record === null ? undefined : decodeSession(record);
    },

    async end(sessionUuid) {
      const digest = digestOf(sessionUuid);
      const record = await redis.run((client) => client.getdel(sessionKey(digest)));
      const session = record === null ? undefined : decodeSession(record);
      if (session !== undefined) await endListed(session.user.uuid, [digest]);
      return session?.user.uuid;
    },

    async list(userUuid) {
      const [, key] = userKeys(userUuid);
      const digests = await redis.run((client) => client.zrange(key, "0", "-1"));
      const records = await getAll(digests);
      return records.flatMap((record, at) => {
        const session = record === null ? undefined : decodeSession(record);
        return session === undefined ? [] : [{ digest: digests[at] ?? "", session }];
      });
    },

    async endOne(userUuid, digest) {
      const [, key] = userKeys(userUuid);
      const isListed = await redis.run((client) => client.zscore(key, digest)) !== null;
      if (isListed) await endListed(userUuid, [digest]);
      return isListed;
    },

    async endAll(userUuid, generation, kept) {
      const listed = await raise(userUuid, generation);
      const others = listed.filter((digest) => digest !== kept);
      const records = await getAll(others);
      // One without a record has ended, or its login has yet to write it, and then finds out whether it was too early.
      await endListed(
        userUuid,
        others.filter((_, at) => {
          const record = records[at] ?? null;
          return record !== null && !isOpenedSince(generation, record);
        }),
      );
    },

    async showAccount(account) {
      const digests = await raise(account.user.uuid, account.generation);
      await Promise.all(
        digests.map((digest) =>
          update(
            digest,
            (session) => session.generation < account.generation ? { ...session, ...account } : session,
          )
        ),
      );
    },

    async noteSeen(sessionUuid, lastSeenAt) {
      await update(
        digestOf(sessionUuid),
        (session) => session.lastSeenAt < lastSeenAt ? { ...session, lastSeenAt } : session,
      );
    },

    async probe() {
      const now = Date.now();
      await list(PROBE, 0, PROBE, now);
      await write(PROBE, PROBE, now);
      await isConfirmed(PROBE, 0, PROBE);
      await lookUp(PROBE);
    },
  };
}

/** Neither a user nor the digest of a session. */
const PROBE = "probe";

function sessionKey(digest: string): string {
  return `iam:session:${digest}`;
}

/** The keys of a user's generation and sessions. The braces put them into one slot of a cluster. */
function userKeys(userUuid: string): readonly [generation: string, sessions: string] {
  return [`iam:{${userUuid}}:generation`, `iam:{${userUuid}}:sessions`];
}

/** @throws {TypeError} if Redis answers with anything but an array of texts, a fault. */
function readDigests(answer: unknown): readonly string[] {
  if (!Array.isArray(answer)) throw new TypeError("redis did not return digests");
  return answer.map(String);
}
