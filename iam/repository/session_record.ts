import { z } from "zod";
import { NOTIFICATION_PROVIDERS } from "../model/notification_method.ts";
import type { Session } from "../model/session.ts";

/** Up to the last instant that every client can read (RFC 3339 has four digits for the year). */
const time = z.int().min(0).max(Date.UTC(9999, 11, 31, 23, 59, 59, 999)).transform((ms) => new Date(ms));

/**
 * A session as stored: JSON, so that an operator can read it, with short names and times in ms since the epoch, so that
 * Redis holds many of them. Fields are added, never changed: sessions outlive the release that wrote them.
 */
const schema = z.object({
  user: z.object({
    uuid: z.string(),
    login: z.string(),
    email: z.string(),
    verified: time.optional(),
    notify: z.array(z.tuple([z.enum(NOTIFICATION_PROVIDERS), z.string()])),
    created: time,
    updated: time,
  }),
  gen: z.int().nonnegative(),
  // Without it, a session is older than every change that ends sessions.
  opened: z.int().nonnegative().default(0),
  created: time,
  seen: time,
  expires: time,
  agent: z.string(),
  ip: z.string(),
});

/**
 * Writes a session.
 *
 * @throws {z.ZodError} if the record could not be read back, e.g. because a date is invalid: the login must
 * fail, not every later use of its session.
 */
export function encodeSession({ user, ...session }: Session): string {
  const record = JSON.stringify(
    {
      user: {
        uuid: user.uuid,
        login: user.login,
        email: user.email,
        ...(user.emailVerifiedAt !== undefined && { verified: user.emailVerifiedAt.getTime() }),
        notify: user.notificationMethods.map(({ provider, target }) => [provider, target]),
        created: user.createdAt.getTime(),
        updated: user.updatedAt.getTime(),
      },
      gen: session.generation,
      opened: session.openedIn,
      created: session.createdAt.getTime(),
      seen: session.lastSeenAt.getTime(),
      expires: session.expiresAt.getTime(),
      agent: session.userAgent,
      ip: session.address,
    } satisfies z.input<typeof schema>,
  );
  decodeSession(record);
  return record;
}

/**
 * Reads a session's record.
 *
 * @returns `undefined` for one from a release that could not revoke it: it ends with that release.
 * @throws {z.ZodError | SyntaxError} if the record was not written by {@link encodeSession}.
 */
export function decodeSession(record: string): Session | undefined {
  const stored: unknown = JSON.parse(record);
  if (isUnrevocable(stored)) return undefined;
  const { user: { notify, verified, created, updated, ...user }, ...session } = schema.parse(stored);
  return {
    user: {
      ...user,
      emailVerifiedAt: verified,
      notificationMethods: notify.map(([provider, target]) => ({ provider, target })),
      createdAt: created,
      updatedAt: updated,
    },
    generation: session.gen,
    openedIn: session.opened,
    createdAt: session.created,
    lastSeenAt: session.seen,
    expiresAt: session.expires,
    userAgent: session.agent,
    address: session.ip,
  };
}

/** Whether a session was opened in a generation or after it. One that can't be read must not outlive its revocation. */
export function isOpenedSince(generation: number, record: string): boolean {
  try {
    return (decodeSession(record)?.openedIn ?? -1) >= generation;
  } catch {
    return false;
  }
}

/** Whether a record is of a release that knew no generations. */
function isUnrevocable(stored: unknown): boolean {
  return typeof stored === "object" && stored !== null && "expiresAt" in stored;
}
