import assert from "node:assert/strict";
import fc from "fast-check";
import { NOTIFICATION_PROVIDERS } from "../model/notification_method.ts";
import { decodeSession, encodeSession, isOpenedSince } from "./session_record.ts";

const date = fc.date({ noInvalidDate: true, min: new Date("2000-01-01"), max: new Date("2100-01-01") });
const PLAIN = { noNullPrototype: true };
const session = fc.record({
  user: fc.record({
    uuid: fc.uuid(),
    login: fc.string(),
    email: fc.string(),
    notificationMethods: fc.array(
      fc.record({ provider: fc.constantFrom(...NOTIFICATION_PROVIDERS), target: fc.string() }, PLAIN),
    ),
    createdAt: date,
    updatedAt: date,
    emailVerifiedAt: fc.option(date, { nil: undefined }),
  }, PLAIN),
  generation: fc.nat(),
  openedIn: fc.nat(),
  createdAt: date,
  lastSeenAt: date,
  userAgent: fc.string(),
  address: fc.string(),
  expiresAt: date,
}, PLAIN);

Deno.test("a session is read back as it was written", () => {
  fc.assert(
    fc.property(session, (written) => assert.deepEqual(decodeSession(encodeSession(written)), written)),
  );
});

Deno.test("a session that could not be read back is never written", () => {
  const written = fc.sample(session, { numRuns: 1, seed: 1 })[0];
  assert.ok(written !== undefined);
  for (const wrong of [new Date(NaN), new Date("+010000-01-01T00:00:00Z")]) {
    assert.throws(() => encodeSession({ ...written, expiresAt: wrong }), /expires/);
    assert.throws(
      () => encodeSession({ ...written, user: { ...written.user, createdAt: wrong } }),
      /created/,
    );
  }
});

Deno.test("a session counts as opened before a change unless its record says otherwise", () => {
  const [written] = fc.sample(session, { numRuns: 1, seed: 1 });
  assert.ok(written !== undefined);
  const record = encodeSession({ ...written, openedIn: 3, generation: 9 });
  assert.deepEqual([2, 3, 4].map((generation) => isOpenedSince(generation, record)), [true, true, false]);
  const { opened: _, ...older } = JSON.parse(record);
  for (const other of [JSON.stringify(older), '{"expiresAt":""}', "garbage"]) {
    assert.ok(!isOpenedSince(1, other), other);
  }
});

Deno.test("a record of a release that could not revoke sessions is no session", () => {
  const older = { user: {}, createdAt: "2026-01-01T00:00:00.000Z", expiresAt: "2026-01-02T00:00:00.000Z" };
  assert.equal(decodeSession(JSON.stringify(older)), undefined);
});

Deno.test("a record in another format is an error, never a session", () => {
  for (const record of ["", "null", "{}", "[]", "garbage", '{"user":{}}']) {
    assert.throws(() => decodeSession(record), record);
  }
});
