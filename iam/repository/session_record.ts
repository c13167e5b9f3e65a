import { z } from "zod";
import { NOTIFICATION_PROVIDERS } from "../model/notification_method.ts";
import type { Session } from "../model/session.ts";

const timestamp = z.iso.datetime().transform((text) => new Date(text));

/** A session as Redis holds it. Fields are added, never changed: yesterday's sessions must be readable today. */
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

/** Writes a session as JSON, for Redis and for the person who looks into it. */
export function encodeSession(session: Session): string {
  return JSON.stringify(session);
}

/** @throws {z.ZodError | SyntaxError} where something else wrote the record: a fault of ours. */
export function decodeSession(record: string): Session {
  return schema.parse(JSON.parse(record));
}
