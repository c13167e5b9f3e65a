import { z } from "zod";
import { NOTIFICATION_PROVIDERS } from "../model/notification_method.ts";
import type { Session } from "../model/session.ts";

const timestamp = z.iso.datetime().transform((text) => new Date(text));

/** A session as stored. Fields are added, never changed: sessions outlive the release that wrote them. */
const schema = z.object({
  user: z.object({
    uuid: z.string(),
    login: z.string(),
    email: z.string(),
    notificationMethods: z.array(z.object({ provider: z.enum(NOTIFICATION_PROVIDERS), target: z.string() })),
    createdAt: timestamp,
    updatedAt: timestamp,
  }),
  generation: z.int().nonnegative(),
  createdAt: timestamp,
  updatedAt: timestamp,
  lastSeenAt: timestamp,
  userAgent: z.string(),
  address: z.string(),
  expiresAt: timestamp,
});

/**
 * Writes a session as JSON, so that an operator can read it.
 *
 * @throws {z.ZodError} if the record could not be read back, e.g. because a date is invalid: the login must
 * fail, not every later use of its session.
 */
export function encodeSession(session: Session): string {
  const record = JSON.stringify(session);
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
  return isUnrevocable(stored) ? undefined : schema.parse(stored);
}

/** Whether a record is of a release that knew no generations. */
function isUnrevocable(stored: unknown): boolean {
  return typeof stored === "object" && stored !== null && "expiresAt" in stored && !("generation" in stored);
}
