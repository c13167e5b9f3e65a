import assert from "node:assert/strict";
import { createSessionUuid } from "@rocket/platform/auth";
import { Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { type LiveSession, SEEN_EVERY_MS } from "../model/session.ts";
import { createNoteSeen } from "./last_seen.ts";

Deno.test("the use of a session is noted if the last note is a minute old, and not before", () => {
  const { noteSeen, noted } = arrange();
  noteSeen(sessionSeen(SEEN_EVERY_MS - 5_000));
  assert.equal(noted.length, 0);
  const stale = sessionSeen(SEEN_EVERY_MS);
  noteSeen(stale);
  assert.deepEqual(noted, [stale.uuid]);
});

Deno.test("simultaneous uses of a session are noted once", () => {
  const { noteSeen, noted } = arrange();
  const stale = sessionSeen(SEEN_EVERY_MS);
  for (let n = 0; n < 10; n++) noteSeen(stale);
  assert.deepEqual(noted, [stale.uuid]);
});

Deno.test("a note that fails is logged without the identifier, and the next use makes another", async () => {
  const { noteSeen, noted, lines } = arrange(() => Promise.reject(new Unavailable("redis")));
  const stale = sessionSeen(SEEN_EVERY_MS);
  noteSeen(stale);
  await new Promise((resolve) => setTimeout(resolve));
  noteSeen(stale);
  assert.equal(noted.length, 2);
  assert.match(lines[0] ?? "", /last use of a session not noted/);
  assert.ok(!lines.join().includes(stale.uuid));
});

function arrange(answer: () => Promise<void> = () => Promise.resolve()) {
  const noted: string[] = [];
  const lines: string[] = [];
  const log = createLogger(
    { service: "iam", level: "info", format: "json" },
    { write: (line) => void lines.push(line) },
  );
  const noteSeen = createNoteSeen({
    noteSeen: (sessionUuid) => {
      noted.push(sessionUuid);
      return answer();
    },
  }, log);
  return { noteSeen, noted, lines };
}

function sessionSeen(agoMs: number): LiveSession {
  const at = new Date(Date.now() - agoMs);
  return {
    uuid: createSessionUuid(),
    user: {
      uuid: crypto.randomUUID(),
      login: "ripley",
      email: "ripley@example.com",
      notificationMethods: [],
      createdAt: at,
      updatedAt: at,
      emailVerifiedAt: undefined,
    },
    generation: 0,
    openedIn: 0,
    createdAt: at,
    lastSeenAt: at,
    userAgent: "",
    address: "",
    expiresAt: new Date(Date.now() + 60_000),
  };
}
