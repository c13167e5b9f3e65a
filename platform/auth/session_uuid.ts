import { parseUuid } from "../core/uuid.ts";

/** A session identifier in canonical form: a lower-case UUID. A secret: its holder acts as the user. */
export type SessionUuid = string & { readonly [sessionUuidBrand]: true };

declare const sessionUuidBrand: unique symbol;

/**
 * Reads a session identifier as a caller sent it.
 *
 * @returns `undefined` if it is absent, empty, or not a UUID (RFC 9562, any letter case).
 */
export function parseSessionUuid(value: string | undefined): SessionUuid | undefined {
  // The only place that makes the branded type; the text has just been checked.
  return value === undefined ? undefined : parseUuid(value) as SessionUuid | undefined;
}

/** Creates a session identifier: UUID v4, 122 bits from the CSPRNG (RFC 9562, 5.4). */
export function createSessionUuid(): SessionUuid {
  // randomUUID returns the canonical lower-case form.
  return crypto.randomUUID() as string as SessionUuid;
}
