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
  createdAt: timestamp,
  updatedAt: timestamp,
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

/** @throws {z.ZodError | SyntaxError} if the record was not written by {@link encodeSession}. */
export function decodeSession(record: string): Session {
  return schema.parse(JSON.parse(record));
}
