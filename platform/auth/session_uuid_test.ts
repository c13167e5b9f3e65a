import assert from "node:assert/strict";
import fc from "fast-check";
import { createSessionUuid, parseSessionUuid } from "./session_uuid.ts";

Deno.test("7.2.3: each new identifier is a different UUID v4 in lower case", () => {
  const identifiers = new Set(Array.from({ length: 1_000 }, createSessionUuid));
  assert.equal(identifiers.size, 1_000);
  for (const identifier of identifiers) {
    assert.match(identifier, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(parseSessionUuid(identifier), identifier);
  }
});

Deno.test("a UUID of any version and letter case is converted to lower case", () => {
  fc.assert(fc.property(fc.uuid(), (uuid) => {
    assert.equal(parseSessionUuid(uuid.toUpperCase()), uuid);
  }));
});

Deno.test("anything but a UUID is not an identifier", () => {
  const valid = "00000000-0000-4000-8000-000000000001";
  const wrong = [
    ...[undefined, "", " ", "session", valid.slice(1), `${valid}0`, ` ${valid}`, `${valid}\n`],
    ...[`{${valid}}`, `urn:uuid:${valid}`, valid.replaceAll("-", ""), valid.replace("0", "g")],
    // A non-ASCII letter whose lower case is ASCII.
    valid.replace("0", "\u212a"),
  ];
  for (const text of wrong) assert.equal(parseSessionUuid(text), undefined, String(text));
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
    const parsed = parseSessionUuid(text);
    if (parsed !== undefined) assert.match(parsed, /^[0-9a-f-]{36}$/);
  }));
});
