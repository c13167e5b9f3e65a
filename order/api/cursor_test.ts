import { InvalidArgument } from "@rocket/platform/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { readCursor, writeCursor } from "./cursor.ts";

const orderUuid = "0d7f8a52-3f6e-4a0c-8f0e-5b8d1f3f6a10";

Deno.test("a cursor is read as the position that was written, and fits into a URL", () => {
  fc.assert(fc.property(fc.nat(), fc.uuid(), (micros, uuid) => {
    const position = { placedAtMicros: String(micros), orderUuid: uuid };
    const cursor = writeCursor(position);
    assert.match(cursor, /^[A-Za-z0-9_-]{1,200}$/);
    assert.deepEqual(readCursor(cursor), position);
  }));
});

Deno.test("any other string is refused, and the field is named", () => {
  const encode = (text: string) => btoa(text).replace(/=+$/, "");
  const broken = [
    "",
    "x",
    encode("1."),
    encode(`.${orderUuid}`),
    encode(`1.${orderUuid}0`),
    encode(`-1.${orderUuid}`),
  ];
  for (const cursor of [...broken, encode(`${"9".repeat(17)}.${orderUuid}`), encode(`1e3.${orderUuid}`)]) {
    assert.throws(() => readCursor(cursor), (error: unknown) => {
      assert.ok(error instanceof InvalidArgument);
      return error.violations[0]?.field === "cursor";
    });
  }
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.throws(() => readCursor(text), InvalidArgument);
  }));
});
