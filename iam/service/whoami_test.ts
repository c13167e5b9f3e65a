import assert from "node:assert/strict";
import { Unauthenticated } from "@rocket/platform/core";
import type { SessionRepository } from "../repository/sessions.ts";
import { createWhoami } from "./whoami.ts";

Deno.test("what can't be a session identifier is refused without a look-up", async () => {
  const sessions: SessionRepository = {
    add: () => Promise.reject(new Error("not a matter of Whoami")),
    find: () => Promise.reject(new Error("looked up")),
  };
  const whoami = createWhoami(sessions);
  for (const identifier of ["", "x", "not-a-uuid", "5a5d6a1e6a8c4c3e9d430c9a5a3e0b11"]) {
    await assert.rejects(whoami(identifier), new Unauthenticated());
  }
});

Deno.test("an unknown session is refused in the same words as a malformed one", async () => {
  const sessions: SessionRepository = {
    add: () => Promise.resolve(),
    find: () => Promise.resolve(undefined),
  };
  await assert.rejects(createWhoami(sessions)(crypto.randomUUID()), new Unauthenticated());
});
