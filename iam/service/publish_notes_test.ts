import assert from "node:assert/strict";
import { Unavailable } from "@rocket/platform/core";
import type { OutboxEvent } from "@rocket/platform/outbox";
import { createLogger } from "@rocket/platform/log";
import { createNotePublisher } from "./publish_notes.ts";
import { type NoteKind, recordEvent } from "./recorded_event.ts";

const OPEN = new AbortController().signal;

/** A publisher of an outbox that can be down, and of one user, ripley, whose UUID is `u-ripley`. */
function arrange() {
  const written: string[] = [];
  const warnings: unknown[] = [];
  const store = { isDown: false, statements: 0 };
  const { publish, flush, close } = createNotePublisher({
    outbox: {
      add(events: readonly OutboxEvent[]) {
        if (store.isDown) return Promise.reject(new Unavailable("postgres"));
        store.statements++;
        written.push(...events.map(({ key }) => key));
        return Promise.resolve();
      },
    },
    users: {
      findUuids: (logins) =>
        Promise.resolve(
          new Map(logins.filter((login) => /^ripley$/i.test(login)).map(() => ["ripley", "u-ripley"])),
        ),
    },
    log: createLogger(
      { service: "iam", level: "warn", format: "json" },
      { write: (line) => void warnings.push(JSON.parse(line)) },
    ),
  });
  const note = (kind: NoteKind, userUuid?: string, sentLogin?: string) =>
    publish({ ...recordEvent({ kind }), kind, userUuid, sentLogin });
  return { note, flush: () => flush(OPEN), close, written, warnings, store };
}

Deno.test("events wait until they are written, many by one statement", async () => {
  const { note, flush, written, store } = arrange();
  for (let n = 0; n < 100; n++) note("login_succeeded", `u-${n}`);
  assert.deepEqual(written, []);
  await flush();
  assert.equal(new Set(written).size, 100);
  assert.equal(store.statements, 1);
  await flush();
  assert.equal(store.statements, 1);
});

Deno.test("events that can't be written wait for the next time", async () => {
  const { note, flush, written, store } = arrange();
  note("logged_out", "u-1");
  store.isDown = true;
  await assert.rejects(flush(), Unavailable);
  note("logged_out", "u-2");
  store.isDown = false;
  await flush();
  assert.deepEqual(written, ["u-1", "u-2"]);
});

Deno.test("a flood of refused logins publishes one event an account", async () => {
  const { note, flush, written } = arrange();
  for (let n = 0; n < 10_000; n++) note("login_refused", n % 2 === 0 ? "u-1" : "u-2");
  note("password_refused", "u-1");
  await flush();
  assert.deepEqual(written, ["u-1", "u-2", "u-1"]);
});

Deno.test("a user's own logins publish 60 events at most in a burst", async () => {
  const { note, flush, written } = arrange();
  for (let n = 0; n < 1_000; n++) note("login_succeeded", "u-1");
  await flush();
  assert.equal(written.length, 60);
});

Deno.test("an event of a login finds its account, in any letter case", async () => {
  const { note, flush, written } = arrange();
  note("throttled", undefined, "Ripley");
  note("throttled", undefined, "nobody");
  note("throttled", undefined, "not a login");
  note("login_refused");
  await flush();
  assert.deepEqual(written, ["u-ripley"]);
});

Deno.test("10,000 events wait at most, and the log says how many were dropped", async () => {
  const { note, flush, written, warnings } = arrange();
  for (let n = 0; n < 10_007; n++) note("login_succeeded", `u-${n}`);
  await flush();
  assert.equal(written.length, 10_000);
  assert.equal(JSON.stringify(warnings.map((line) => (line as { events: number }).events)), "[7]");
});

Deno.test("closing writes what waits, or says what is lost", async () => {
  const { note, close, written, warnings, store } = arrange();
  note("login_succeeded", "u-1");
  await close();
  assert.deepEqual(written, ["u-1"]);
  note("login_succeeded", "u-2");
  store.isDown = true;
  await close();
  assert.equal(warnings.length, 1);
});
