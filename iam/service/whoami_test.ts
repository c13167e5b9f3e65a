import assert from "node:assert/strict";
import { createSessionUuid } from "@rocket/platform/auth";
import { Unauthenticated } from "@rocket/platform/core";
import type { Session } from "../model/session.ts";
import { createWhoami } from "./whoami.ts";

Deno.test("a session is found until it expires, even if the store still has it", async () => {
  const uuid = createSessionUuid();
  const live = aSession(Date.now() + 60_000);
  assert.deepEqual(await whoamiWith(live)(uuid), { uuid, ...live });
  await assert.rejects(whoamiWith(aSession(Date.now()))(uuid), new Unauthenticated());
});

Deno.test("a malformed identifier is refused without a look-up", async () => {
  const whoami = createWhoami({ find: () => Promise.reject(new Error("looked up")) }, () => {});
  for (const identifier of ["", "x", "not-a-uuid", "5a5d6a1e6a8c4c3e9d430c9a5a3e0b11"]) {
    await assert.rejects(whoami(identifier), new Unauthenticated());
  }
});

Deno.test("an unknown session is refused with the same message as a malformed identifier", async () => {
  await assert.rejects(whoamiWith(undefined)(crypto.randomUUID()), new Unauthenticated());
});

function whoamiWith(session: Session | undefined) {
  return createWhoami({ find: () => Promise.resolve(session) }, () => {});
}

function aSession(endsAt: number): Session {
  const at = new Date(0);
  const user = {
    uuid: crypto.randomUUID(),
    login: "ripley",
    email: "ripley@example.com",
    notificationMethods: [],
  };
  return {
    user: { ...user, createdAt: at, updatedAt: at, emailVerifiedAt: undefined },
    generation: 0,
    openedIn: 0,
    createdAt: at,
    lastSeenAt: at,
    userAgent: "",
    address: "",
    expiresAt: new Date(endsAt),
  };
}
