import assert from "node:assert/strict";
import { InvalidArgument, Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { type StoredToken, storedToken } from "../model/account_token.ts";
import { TokenInvalid } from "../model/failures.ts";
import { createAuditChange } from "./audit.ts";
import { createRedeemToken } from "./redeem_token.ts";
import { NO_THROTTLE } from "./throttle.ts";

const ripley = {
  uuid: "5a5d6a1e-6a8c-4c3e-9d43-0c9a5a3e0b11",
  login: "ripley",
  email: "ripley@example.com",
};

/** Ripley holds one token of each purpose. A change uses it up, unless another request did that first. */
function arrange({ isUsedMeanwhile = false } = {}) {
  const held = ["reset_password" as const, "verify_email" as const]
    .map((purpose) => nameOf(storedToken(`to ${purpose}`, purpose)));
  const done: string[] = [];
  const lines: string[] = [];
  const log = createLogger(
    { service: "iam", level: "info", format: "json" },
    { write: (line) => void lines.push(line) },
  );
  const useUp = (token: StoredToken, change: string) => {
    const at = held.indexOf(nameOf(token));
    if (at < 0 || isUsedMeanwhile) return Promise.resolve(undefined);
    held.splice(at, 1);
    done.push(change);
    return Promise.resolve({ userUuid: ripley.uuid, generation: 1, endsSessions: true, kept: undefined });
  };
  const redeemToken = createRedeemToken({
    tokens: { findHolder: (token) => Promise.resolve(held.includes(nameOf(token)) ? ripley : undefined) },
    changes: {
      resetPassword: (_uuid, token, newHash) => useUp(token, newHash),
      verifyEmail: (_uuid, token) => useUp(token, "verified"),
    },
    hashNewPassword(newPassword, { login }) {
      if (newPassword === "down") return Promise.reject(new Unavailable("argon2"));
      const violation = { field: "new_password", message: "is made up of words" };
      if (newPassword === login) return Promise.reject(new InvalidArgument([violation]));
      return Promise.resolve(`hash of ${newPassword}`);
    },
    followChange: ({ generation }) => Promise.resolve(void done.push(`followed ${generation}`)),
    throttle: NO_THROTTLE,
    audit: { change: createAuditChange(log) },
  });
  return { redeemToken, done, lines };
}

function nameOf({ purpose, digest }: StoredToken): string {
  return `${purpose} ${digest}`;
}

Deno.test("6.4.3: a token sets the new password, and the answer waits until the sessions have ended", async () => {
  const { redeemToken, done, lines } = arrange();
  await redeemToken.resetPassword("to reset_password", "new");
  assert.deepEqual(done, ["hash of new", "followed 1"]);
  const { event, detail } = JSON.parse(lines[0] ?? "");
  assert.deepEqual({ event, detail }, { event: "password_changed", detail: "by a mailed token" });
});

Deno.test("6.5.1: a token is used once, for its purpose only", async () => {
  const { redeemToken, done } = arrange();
  await assert.rejects(redeemToken.verifyEmail("to reset_password"), TokenInvalid);
  await assert.rejects(redeemToken.resetPassword("to verify_email", "new"), TokenInvalid);
  assert.deepEqual(done, []);
  await redeemToken.verifyEmail("to verify_email");
  await assert.rejects(redeemToken.verifyEmail("to verify_email"), TokenInvalid);
  assert.deepEqual(done, ["verified", "followed 1"]);
});

Deno.test("6.5.1: a token that another request uses first changes nothing", async () => {
  const { redeemToken, done, lines } = arrange({ isUsedMeanwhile: true });
  await assert.rejects(redeemToken.resetPassword("to reset_password", "new"), TokenInvalid);
  await assert.rejects(redeemToken.verifyEmail("to verify_email"), TokenInvalid);
  assert.deepEqual([done, lines], [[], []]);
});

Deno.test("an unknown token costs no hash", async () => {
  const { redeemToken } = arrange();
  await assert.rejects(redeemToken.resetPassword("a guess", "down"), TokenInvalid);
});

Deno.test("a token can still be used if the new password is refused, or could not be hashed", async () => {
  const { redeemToken, done } = arrange();
  await assert.rejects(redeemToken.resetPassword("to reset_password", "ripley"), InvalidArgument);
  await assert.rejects(redeemToken.resetPassword("to reset_password", "down"), Unavailable);
  assert.deepEqual(done, []);
  await redeemToken.resetPassword("to reset_password", "new");
  assert.deepEqual(done, ["hash of new", "followed 1"]);
});
