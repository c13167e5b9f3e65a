import assert from "node:assert/strict";
import { PermissionDenied, Unauthenticated } from "../core/failure.ts";
import { SERVICE_TOKEN } from "../testing/fake_iam.ts";
import { Secret } from "../config/secret.ts";
import { CERTIFICATE, serviceToken as serviceTokenVariable } from "./service_token.ts";
import { createAuthorize, type GuardedAccess } from "./authorize.ts";

const SESSION = "c0a80101-7f0b-4c1d-9a55-0b6e3f8d2c11";
const USER = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const authorize = createAuthorize({
  serviceToken: SERVICE_TOKEN,
  verify: (sessionUuid) =>
    sessionUuid === SESSION ? Promise.resolve(USER) : Promise.reject(new Unauthenticated()),
});

/** Access, session and token, with the outcome: `session`, `service`, or the reason for the refusal. */
const TABLE: readonly (readonly [GuardedAccess, string | undefined, string | undefined, string])[] = [
  ["session", SESSION, undefined, "session"],
  ["session", SESSION.toUpperCase(), undefined, "session"],
  ["session", SESSION, SERVICE_TOKEN.value.sent, "session"],
  ["session", SESSION, "wrong", "session"],
  ["session", undefined, undefined, "SESSION_INVALID"],
  ["session", undefined, SERVICE_TOKEN.value.sent, "SESSION_INVALID"],
  ["session", "not-a-uuid", undefined, "SESSION_INVALID"],
  ["session", UNKNOWN, undefined, "SESSION_INVALID"],
  ["service", undefined, SERVICE_TOKEN.value.sent, "service"],
  ["service", undefined, "wrong", "SERVICE_TOKEN_INVALID"],
  ["service", SESSION, "", "SERVICE_TOKEN_INVALID"],
  ["service", SESSION, undefined, "SERVICES_ONLY"],
  ["service", UNKNOWN, undefined, "SESSION_INVALID"],
  ["service", undefined, undefined, "SESSION_INVALID"],
  ["session or service", SESSION, undefined, "session"],
  ["session or service", undefined, SERVICE_TOKEN.value.sent, "service"],
  ["session or service", SESSION, SERVICE_TOKEN.value.sent, "service"],
  ["session or service", SESSION, "wrong", "SERVICE_TOKEN_INVALID"],
  ["session or service", undefined, undefined, "SESSION_INVALID"],
];

Deno.test("access is granted or refused by the kind of access and the caller's credentials", async () => {
  for (const [access, sessionUuid, serviceToken, expected] of TABLE) {
    const outcome = await authorize(access, { sessionUuid, serviceToken }).then(
      ({ kind }) => kind,
      (refusal: Unauthenticated | PermissionDenied) => refusal.reason,
    );
    assert.equal(outcome, expected, `${access}: ${sessionUuid}, ${serviceToken}`);
  }
});

Deno.test("a certificate of a service gives no authority unless the caller claims it, and never a session's", async () => {
  const value = serviceTokenVariable().parse(CERTIFICATE);
  assert.ok(value !== undefined);
  const authorize = createAuthorize({
    serviceToken: new Secret("SERVICE_TOKEN", { text: CERTIFICATE, value }),
    serviceNames: ["order"],
    verify: () => Promise.reject(new Unauthenticated()),
  });
  const call = (access: GuardedAccess, token: string | undefined, peerName: string) =>
    authorize(access, { sessionUuid: undefined, serviceToken: token, peerNames: () => [peerName] }).then(
      ({ kind }) => kind,
      (refusal: Unauthenticated) => refusal.reason,
    );
  assert.equal(await call("service", CERTIFICATE, "order"), "service");
  assert.equal(await call("session or service", CERTIFICATE, "order"), "service");
  assert.equal(await call("service", CERTIFICATE, "visitor"), "SERVICE_TOKEN_INVALID");
  for (const access of ["service", "session or service", "session"] as const) {
    assert.equal(await call(access, undefined, "order"), "SESSION_INVALID", access);
  }
  assert.equal(await call("session", CERTIFICATE, "order"), "SESSION_INVALID");
});

Deno.test("a session's caller has both identifiers in canonical form", async () => {
  const caller = await authorize("session", { sessionUuid: SESSION.toUpperCase(), serviceToken: undefined });
  assert.deepEqual(caller, { kind: "session", session: { sessionUuid: SESSION, userUuid: USER } });
});

Deno.test("a malformed session identifier is refused without a look-up", async () => {
  const withoutLookUp = createAuthorize({
    serviceToken: SERVICE_TOKEN,
    verify: () => Promise.reject(new Error("looked up")),
  });
  for (const sessionUuid of ["", "x", `${SESSION} `, `{${SESSION}}`]) {
    await assert.rejects(
      withoutLookUp("session", { sessionUuid, serviceToken: undefined }),
      new Unauthenticated(),
    );
  }
});
