import { type Caller, createSessionUuid } from "@rocket/platform/auth";
import assert from "node:assert/strict";
import { UserNotFound } from "../model/failures.ts";
import type { User } from "../model/user.ts";
import { createGetUser } from "./get_user.ts";

const RIPLEY = aUser("7c9e6679-7425-40de-944b-e07fc1f90ae7");
const ASH = aUser("0d7f8a52-3f6e-4a0c-8f0e-5b8d1f3f6a10");
const getUser = createGetUser({
  find: (uuid) => {
    const user = [RIPLEY, ASH].find((user) => user.uuid === uuid);
    return Promise.resolve(user && { user, generation: 0 });
  },
});
const inSession: Caller = {
  kind: "session",
  session: { sessionUuid: createSessionUuid(), userUuid: RIPLEY.uuid },
};

Deno.test("a session finds its own user", async () => {
  assert.equal(await getUser(RIPLEY.uuid, inSession), RIPLEY);
});

Deno.test("another user's account is not found, as if it did not exist", async () => {
  await assert.rejects(getUser(ASH.uuid, inSession), new UserNotFound());
  await assert.rejects(getUser(crypto.randomUUID(), inSession), new UserNotFound());
});

Deno.test("a service finds any user that exists", async () => {
  assert.equal(await getUser(ASH.uuid, { kind: "service" }), ASH);
  await assert.rejects(getUser(crypto.randomUUID(), { kind: "service" }), new UserNotFound());
});

function aUser(uuid: string): User {
  const at = new Date(0);
  return {
    uuid,
    login: "ripley",
    email: "ripley@example.com",
    notificationMethods: [],
    createdAt: at,
    updatedAt: at,
    emailVerifiedAt: undefined,
  };
}
