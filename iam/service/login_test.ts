import assert from "node:assert/strict";
import type { SessionUuid } from "@rocket/platform/auth";
import { DeadlineExceeded, ResourceExhausted, runWithRequest } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { AccountChangedMeanwhile, WrongCredentials } from "../model/failures.ts";
import type { Session } from "../model/session.ts";
import type { User } from "../model/user.ts";
import { createLogIn } from "./login.ts";
import { NO_THROTTLE } from "./throttle.ts";

const log = createLogger({ service: "iam", level: "silent", format: "json" });
const HASH_COSTS = ["m=8,t=1,p=1"];
const DAY_MS = 24 * 60 * 60 * 1_000;

const ripley: User = {
  uuid: "5a5d6a1e-6a8c-4c3e-9d43-0c9a5a3e0b11",
  login: "ripley",
  email: "ripley@example.com",
  notificationMethods: [],
  createdAt: new Date(0),
  updatedAt: new Date(0),
  emailVerifiedAt: undefined,
};

/** Fakes with one user, ripley, whose password is "right" and whose hash is "hash of right". */
function arrange(
  {
    isOutdated = false,
    isHashingRefused = false,
    isChangedMeanwhile = false,
    gaveWay = [] as readonly string[],
    disabledAt = undefined as Date | undefined,
  } = {},
) {
  const stored = new Map<SessionUuid, Session>();
  const lookedUp: (string | undefined)[] = [];
  const verified: (string | undefined)[] = [];
  const candidates: (string | undefined)[] = [];
  const replaced: string[] = [];
  const ended: string[] = [];
  const audited: string[] = [];
  const logIn = createLogIn({
    users: {
      lookUpLogin: (login) => {
        lookedUp.push(login);
        const credentials = login === "ripley"
          ? { user: ripley, generation: 3, passwordHash: "hash of right", disabledAt }
          : undefined;
        return Promise.resolve({ credentials, hashCosts: HASH_COSTS });
      },
      replaceHash: (_uuid, oldHash, newHash) => {
        replaced.push(`${oldHash} -> ${newHash}`);
        return Promise.resolve();
      },
    },
    sessions: {
      open: (sessionUuid, session) => {
        if (isChangedMeanwhile) return Promise.resolve(undefined);
        stored.set(sessionUuid, session);
        return Promise.resolve(gaveWay);
      },
      end: (sessionUuid) => {
        ended.push(sessionUuid);
        return Promise.resolve(ripley.uuid);
      },
    },
    hasher: {
      hash: (password) =>
        isHashingRefused
          ? Promise.reject(new ResourceExhausted("PASSWORD_QUEUE_FULL", "too many", 1))
          : Promise.resolve(`new hash of ${password}`),
      verify: (storedHash, candidate, costsInUse) => {
        verified.push(storedHash);
        candidates.push(candidate);
        assert.equal(costsInUse, HASH_COSTS);
        return Promise.resolve(storedHash === `hash of ${candidate}`);
      },
      isOutdated: () => isOutdated,
    },
    throttle: NO_THROTTLE,
    sessionTtlMs: DAY_MS,
    audit: {
      note: ({ kind, detail }) => void audited.push(detail === undefined ? kind : `${kind}: ${detail}`),
    },
    log,
  });
  return { logIn, stored, ended, audited, lookedUp, verified, candidates, replaced };
}

Deno.test("the right password opens a session that ends after the configured lifetime", async () => {
  const { logIn, stored } = arrange();
  const { sessionUuid, expiresAt } = await logIn("ripley", "right");
  const session = stored.get(sessionUuid);
  assert.equal(session?.user, ripley);
  assert.equal(session.expiresAt, expiresAt);
  assert.equal(session.expiresAt.getTime() - session.createdAt.getTime(), DAY_MS);
});

Deno.test("every login is audited, with the class of the reason if it is refused", async () => {
  const { logIn, audited } = arrange();
  await logIn("ripley", "right");
  await assert.rejects(logIn("ripley", "wrong"));
  await assert.rejects(logIn("nobody", "right"));
  assert.deepEqual(audited, [
    "login_succeeded",
    "login_refused: wrong password",
    "login_refused: unknown login",
  ]);
});

Deno.test("every login opens a new session", async () => {
  const { logIn, stored } = arrange();
  const sessions = await Promise.all([logIn("ripley", "right"), logIn("ripley", "right")]);
  assert.notEqual(sessions[0].sessionUuid, sessions[1].sessionUuid);
  assert.equal(stored.size, 2);
});

Deno.test("7.2.4: a login ends the session that the client brings along, once its own is open", async () => {
  const { logIn, stored, ended, audited } = arrange();
  const brought = crypto.randomUUID();
  await assert.rejects(logIn("ripley", "wrong", brought));
  assert.deepEqual(ended, []);
  await logIn("ripley", "right", brought.toUpperCase());
  assert.equal(stored.size, 1);
  assert.deepEqual(ended, [brought]);
  assert.equal(audited.at(-1), "logged_out: replaced by a login");
  await logIn("ripley", "right", "not-a-session");
  assert.equal(ended.length, 1);
});

Deno.test("7.1.2: a session that gives way to a login is audited", async () => {
  const { logIn, audited } = arrange({ gaveWay: ["d1", "d2"] });
  await logIn("ripley", "right");
  assert.deepEqual(audited, [
    "login_succeeded",
    "logged_out: gave way to a login",
    "logged_out: gave way to a login",
  ]);
});

Deno.test("7.4.2: a disabled account is refused as if the password were wrong", async () => {
  const { logIn, stored, verified, candidates, audited } = arrange({ disabledAt: new Date(0) });
  await assert.rejects(logIn("ripley", "right"), new WrongCredentials());
  assert.equal(stored.size, 0);
  assert.equal(verified.length, 1);
  // The hasher refuses it at the cost of a wrong one, and accepts a right one at less.
  assert.deepEqual(candidates, [undefined]);
  assert.deepEqual(audited, ["login_refused: disabled"]);
});

Deno.test("a login that finds its account changed opens no session", async () => {
  const { logIn, stored } = arrange({ isChangedMeanwhile: true });
  await assert.rejects(logIn("ripley", "right"), new AccountChangedMeanwhile());
  assert.equal(stored.size, 0);
});

Deno.test("6.3.8: a wrong password is answered like an unknown or invalid login, and opens no session", async () => {
  const { logIn, stored } = arrange();
  for (
    const [login, password] of [["ripley", "wrong"], ["nobody", "right"], ["no login!", "right"]] as const
  ) {
    await assert.rejects(logIn(login, password), new WrongCredentials());
  }
  assert.equal(stored.size, 0);
});

Deno.test("6.3.8: an unknown or invalid login costs a look-up and a verification, as a known one does", async () => {
  const { logIn, lookedUp, verified } = arrange();
  await assert.rejects(logIn("nobody", "right"));
  await assert.rejects(logIn("no login!", "right"));
  await assert.rejects(logIn("ripley", "x".repeat(10_000)));
  assert.deepEqual(lookedUp, ["nobody", undefined, "ripley"]);
  assert.deepEqual(verified, [undefined, undefined, "hash of right"]);
});

Deno.test("an outdated hash is replaced by a login with the right password", async () => {
  const { logIn, replaced } = arrange({ isOutdated: true });
  await assert.rejects(logIn("ripley", "wrong"));
  assert.deepEqual(replaced, []);
  await logIn("ripley", "right");
  assert.deepEqual(replaced, ["hash of right -> new hash of right"]);
});

Deno.test("a full queue delays the replacement of a hash, but does not refuse the login", async () => {
  const { logIn, stored, replaced } = arrange({ isOutdated: true, isHashingRefused: true });
  await logIn("ripley", "right");
  assert.equal(stored.size, 1);
  assert.deepEqual(replaced, []);
});

Deno.test("no session is opened for a request that was abandoned while its password was checked", async () => {
  for (const gone of [{ deadline: Date.now() - 1 }, { deadline: Infinity, isCancelled: () => true }]) {
    const { logIn, stored } = arrange();
    const login = runWithRequest({ requestId: "r-1", ...gone }, () => logIn("ripley", "right"));
    await assert.rejects(login, DeadlineExceeded);
    assert.equal(stored.size, 0);
  }
});
