import assert from "node:assert/strict";
import { parseSessionUuid } from "@rocket/platform/auth";
import { RateExceeded, runWithRequest } from "@rocket/platform/core";
import type { OutboxEvent } from "@rocket/platform/outbox";
import { createLogger } from "@rocket/platform/log";
import { type StoredToken, storedToken } from "../model/account_token.ts";
import { parseEmail } from "../model/email.ts";
import { UserNotFound } from "../model/failures.ts";
import type { ResetRequest } from "../repository/reset_requests.ts";
import { createAuditChange } from "./audit.ts";
import { createRequestMail } from "./request_mail.ts";

const USER = "5a5d6a1e-6a8c-4c3e-9d43-0c9a5a3e0b11";
const SESSION = { userUuid: USER, sessionUuid: parseSessionUuid(crypto.randomUUID()) ?? assert.fail() };

/** One user, whose address is not verified. Counts mails, and refuses those to an account that is `full`. */
function arrange({ full = "", isVerified = false } = {}) {
  const lines: string[] = [];
  const requests: ResetRequest[] = [];
  const counted: string[] = [];
  const published: OutboxEvent[] = [];
  const stored: StoredToken[] = [];
  const log = createLogger(
    { service: "iam", level: "debug", format: "json" },
    { write: (line) => void lines.push(line) },
  );
  const requestMail = createRequestMail({
    requests: { add: (request) => Promise.resolve(void requests.push(request)) },
    tokens: {
      issue(userUuid, token, lifetimeMs) {
        if (userUuid !== USER) return Promise.resolve(undefined);
        stored.push(token);
        return Promise.resolve({ email: "Ripley@example.com", expiresAt: new Date(lifetimeMs) });
      },
      requestVerification(_userUuid, event) {
        if (!isVerified) published.push(event);
        return Promise.resolve(!isVerified);
      },
    },
    throttle: {
      countMail(account) {
        counted.push(account);
        const policy = { name: "mails", requests: 1, windowMs: 1_000 };
        const verdict = { policy, isAllowed: false, remaining: 0, retryAfterMs: 1_000, resetMs: 1_000 };
        return account === full ? Promise.reject(new RateExceeded(verdict)) : Promise.resolve();
      },
    },
    audit: { change: createAuditChange(log) },
    log,
  });
  return { requestMail, requests, counted, published, stored, lines };
}

/** A valid e-mail address. */
function anEmail(text: string) {
  return parseEmail(text) ?? assert.fail();
}

Deno.test("6.3.8: a request for a reset is noted with its client, and nothing is looked up for it", async () => {
  const { requestMail, requests, counted } = arrange();
  const client = { address: "192.0.2.1", userAgent: "curl/8.5.0" };
  await runWithRequest(
    { requestId: "r-1", deadline: Infinity, client },
    () => requestMail.passwordReset(anEmail("Ripley@Example.com")),
  );
  const email = "ripley@example.com";
  assert.deepEqual(requests, [{ email, requestId: "r-1", address: "192.0.2.1", userAgent: "curl/8.5.0" }]);
  assert.deepEqual(counted, [email]);
});

Deno.test("of mails beyond the limit none is requested", async () => {
  const full = "ripley@example.com";
  const { requestMail, requests } = arrange({ full });
  await assert.rejects(requestMail.passwordReset(anEmail("RIPLEY@example.com")), RateExceeded);
  assert.deepEqual(requests, []);
  const { requestMail: ofUser, published } = arrange({ full: USER });
  await assert.rejects(ofUser.emailVerification(SESSION), RateExceeded);
  assert.deepEqual(published, []);
});

Deno.test("a verification is requested, and logged, unless the address is verified", async () => {
  const { requestMail, published, lines } = arrange();
  await requestMail.emailVerification(SESSION);
  assert.deepEqual(published.map(({ topic, key }) => [topic, key]), [["iam.account", USER]]);
  assert.equal(JSON.parse(lines[0] ?? "").event, "email_verification_requested");
  const verified = arrange({ isVerified: true });
  await verified.requestMail.emailVerification(SESSION);
  assert.deepEqual(verified.lines, []);
});

Deno.test("an issued token lasts 30 minutes, or 24 hours for an address, and only its digest is stored", async () => {
  const { requestMail, stored, lines } = arrange();
  const reset = await requestMail.issueToken(USER, "reset_password");
  const verification = await requestMail.issueToken(USER, "verify_email");
  assert.equal(reset.expiresAt.getTime(), 30 * 60 * 1_000);
  assert.equal(verification.expiresAt.getTime(), 24 * 60 * 60 * 1_000);
  assert.equal(reset.email, "Ripley@example.com");
  assert.deepEqual(stored, [
    storedToken(reset.token, "reset_password"),
    storedToken(verification.token, "verify_email"),
  ]);
  assert.equal(lines.length, 2);
  for (const { token } of [reset, verification]) assert.ok(!lines.join().includes(token));
});

Deno.test("no token is issued for a user who does not exist", async () => {
  const { requestMail } = arrange();
  await assert.rejects(requestMail.issueToken(crypto.randomUUID(), "reset_password"), UserNotFound);
});
