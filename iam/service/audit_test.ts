import assert from "node:assert/strict";
import { createSessionUuid } from "@rocket/platform/auth";
import { runWithRequest } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { AccountEvent, AccountEventKind } from "@rocket/proto/events";
import { digestOf } from "../model/session.ts";
import { createAudit } from "./audit.ts";
import type { Note } from "./publish_notes.ts";
import { toOutboxEvent } from "./recorded_event.ts";

const USER = "5a5d6a1e-6a8c-4c3e-9d43-0c9a5a3e0b11";
const REQUEST = {
  requestId: "r-1",
  deadline: Infinity,
  client: { address: "192.0.2.1", userAgent: "curl/8.5.0" },
};

function arrange() {
  const lines: string[] = [];
  const log = createLogger(
    { service: "iam", level: "info", format: "json" },
    { write: (line) => void lines.push(line) },
  );
  const notes: Note[] = [];
  return { audit: createAudit(log, (note) => void notes.push(note)), lines, notes };
}

Deno.test("an event is one log line that names its session by 8 digits of its digest", () => {
  const { audit, lines } = arrange();
  const sessionUuid = createSessionUuid();
  audit.note({ kind: "logged_out", userUuid: "u-1", session: digestOf(sessionUuid) });
  assert.equal(lines.length, 1);
  const { audit: isAudited, event, user_uuid, session, msg } = JSON.parse(lines[0] ?? "");
  assert.deepEqual({ isAudited, event, user_uuid, msg }, {
    isAudited: true,
    event: "logged_out",
    user_uuid: "u-1",
    msg: "session ended by its owner",
  });
  assert.match(session, /^[0-9a-f]{8}$/);
  assert.ok(!lines.join().includes(sessionUuid));
});

Deno.test("the event for other services says what the log line says", () => {
  const { audit, lines, notes } = arrange();
  const session = digestOf(createSessionUuid());
  runWithRequest(
    REQUEST,
    () => audit.note({ kind: "logged_out", userUuid: USER, session, detail: "replaced by a login" }),
  );
  const [note] = notes;
  assert.ok(note);
  const { payload, ...outboxEvent } = toOutboxEvent(note, USER);
  const line = JSON.parse(lines[0] ?? "");
  const event = AccountEvent.decode(payload);
  assert.deepEqual(outboxEvent, {
    eventUuid: event.eventUuid,
    topic: "iam.account",
    key: line.user_uuid,
    eventType: "events.v1.AccountEvent",
    requestId: REQUEST.requestId,
  });
  assert.deepEqual({ ...event, eventUuid: "", at: undefined }, {
    eventUuid: "",
    userUuid: line.user_uuid,
    kind: AccountEventKind.ACCOUNT_EVENT_KIND_LOGGED_OUT,
    at: undefined,
    address: line.address,
    userAgent: REQUEST.client.userAgent,
    detail: `session ${line.session}, ${line.detail}`,
  });
});

Deno.test("a change is logged once it is made, and never if it is not", async () => {
  const { audit, lines } = arrange();
  const change = { kind: "account_deleted", userUuid: USER } as const;
  const made = await audit.change(change, (event) => {
    assert.deepEqual(lines, []);
    return Promise.resolve(event.key);
  });
  assert.equal(made, USER);
  assert.equal(lines.length, 1);
  assert.equal(await audit.change(change, () => Promise.resolve(undefined)), undefined);
  await assert.rejects(audit.change(change, () => Promise.reject(new Error("down"))));
  assert.equal(lines.length, 1);
});

Deno.test("a login that was not looked up is in no log line", () => {
  const { audit, lines } = arrange();
  audit.note({ kind: "throttled", sentLogin: "my password", detail: "logins-per-account" });
  assert.ok(!lines.join().includes("my password"));
});
