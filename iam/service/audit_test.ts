import assert from "node:assert/strict";
import { createSessionUuid } from "@rocket/platform/auth";
import { createLogger } from "@rocket/platform/log";
import { digestOf } from "../model/session.ts";
import { createAudit } from "./audit.ts";

Deno.test("an event is one log line that names its session by 8 digits of its digest", () => {
  const lines: string[] = [];
  const log = createLogger(
    { service: "iam", level: "info", format: "json" },
    { write: (line) => void lines.push(line) },
  );
  const sessionUuid = createSessionUuid();
  createAudit(log)({ kind: "logged_out", userUuid: "u-1", session: digestOf(sessionUuid) });
  assert.equal(lines.length, 1);
  const { audit, event, user_uuid, session, msg } = JSON.parse(lines[0] ?? "");
  assert.deepEqual({ audit, event, user_uuid, msg }, {
    audit: true,
    event: "logged_out",
    user_uuid: "u-1",
    msg: "session ended by its owner",
  });
  assert.match(session, /^[0-9a-f]{8}$/);
  assert.ok(!lines.join().includes(sessionUuid));
});
