import { Buffer } from "node:buffer";
import { InvalidArgument, parseUuid } from "@rocket/platform/core";
import type { Position } from "../model/listing.ts";

/** Writes a position as an opaque text that fits into a URL. */
export function writeCursor({ placedAtMicros, orderUuid }: Position): string {
  return Buffer.from(`${placedAtMicros}.${orderUuid}`).toString("base64url");
}

/**
 * Reads a position that {@linkcode writeCursor} wrote.
 *
 * @throws {InvalidArgument} for any other text.
 */
export function readCursor(cursor: string): Position {
  const [, placedAtMicros, uuid = ""] = /^([0-9]{1,16})\.(.+)$/.exec(
    Buffer.from(cursor, "base64url").toString(),
  ) ?? [];
  const orderUuid = parseUuid(uuid);
  if (placedAtMicros === undefined || orderUuid === undefined) {
    throw new InvalidArgument([{ field: "cursor", message: "must be the next_cursor of another page" }]);
  }
  return { placedAtMicros, orderUuid };
}
