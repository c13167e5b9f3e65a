import { Unauthenticated } from "@rocket/platform/core";
import assert from "node:assert/strict";
import { WrongPassword } from "../model/failures.ts";
import { createConfirmPassword } from "./confirm_password.ts";
import { NO_THROTTLE } from "./throttle.ts";

const RIPLEY = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

const CREDENTIALS = {
  user: {
    uuid: RIPLEY,
    login: "ripley",
    email: "ripley@example.com",
    notificationMethods: [],
    createdAt: new Date(0),
    updatedAt: new Date(0),
    emailVerifiedAt: undefined,
  },
  generation: 0,
  passwordHash: "hash of right",
  disabledAt: undefined,
};

const confirmPassword = createConfirmPassword({
  users: { findCredentials: (uuid) => Promise.resolve(uuid === RIPLEY ? CREDENTIALS : undefined) },
  hasher: { verify: (stored, candidate) => Promise.resolve(stored === `hash of ${candidate}`) },
  throttle: NO_THROTTLE,
  audit: { note: () => {} },
});

Deno.test("the password of a session's user is confirmed", async () => {
  assert.equal(await confirmPassword(RIPLEY, "right"), CREDENTIALS);
});

Deno.test("a wrong password is refused, and the session remains good", async () => {
  for (const password of ["wrong", "Right", "", "\ud800"]) {
    await assert.rejects(confirmPassword(RIPLEY, password), new WrongPassword());
  }
});

Deno.test("the session of a deleted account confirms nothing", async () => {
  await assert.rejects(confirmPassword(crypto.randomUUID(), "right"), new Unauthenticated());
});
