/** The rule of an identifier field, in words for the caller. */
export const UUID_RULE = "must be a UUID";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Reads a UUID (RFC 9562) of any version and letter case.
 *
 * @returns The canonical, lower-case form; `undefined` for anything else.
 */
export function parseUuid(text: string): string | undefined {
  const canonical = text.toLowerCase();
  return UUID.test(canonical) ? canonical : undefined;
}
