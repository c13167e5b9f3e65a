import assert from "node:assert/strict";
import type { SessionUuid } from "@rocket/platform/auth";
import { ResourceExhausted } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { WrongCredentials } from "../model/failures.ts";
import type { Session } from "../model/session.ts";
import type { User } from "../model/user.ts";
import { createLogIn } from "./login.ts";

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
};

/** Ports that know one user, whose password is "right" and whose hash is `hash of right`. */
function arrange({ isOutdated = false, isHashingRefused = false } = {}) {
  const kept = new Map<SessionUuid, Session>();
  const lookedUp: (string | undefined)[] = [];
  const verified: (string | undefined)[] = [];
  const replaced: string[] = [];
  const logIn = createLogIn({
    users: {
      add: () => Promise.reject(new Error("not a matter of logging in")),
      find: () => Promise.reject(new Error("not a matter of logging in")),
      lookUpLogin: (login) => {
        lookedUp.push(login);
        const credentials = login === "ripley" ? { user: ripley, passwordHash: "hash of right" } : undefined;
        return Promise.resolve({ credentials, hashCosts: HASH_COSTS });
      },
      replaceHash: (_uuid, oldHash, newHash) => {
        replaced.push(`${oldHash} -> ${newHash}`);
        return Promise.resolve();
      },
    },
    sessions: {
      add: (sessionUuid, session) => {
        kept.set(sessionUuid, session);
        return Promise.resolve();
      },
      find: (sessionUuid) => Promise.resolve(kept.get(sessionUuid)),
    },
    hasher: {
      hash: (password) =>
        isHashingRefused
          ? Promise.reject(new ResourceExhausted("PASSWORD_QUEUE_FULL", "too many", 1))
          : Promise.resolve(`new hash of ${password}`),
      verify: (stored, candidate, costsInUse) => {
        verified.push(stored);
        assert.equal(costsInUse, HASH_COSTS);
        return Promise.resolve(stored === `hash of ${candidate}`);
      },
      isOutdated: () => isOutdated,
    },
    sessionTtlMs: DAY_MS,
    log,
  });
  return { logIn, kept, lookedUp, verified, replaced };
}

Deno.test("a right password opens a session that ends after its lifetime", async () => {
  const { logIn, kept } = arrange();
  const session = kept.get(await logIn("ripley", "right"));
  assert.equal(session?.user, ripley);
  assert.equal(session.expiresAt.getTime() - session.createdAt.getTime(), DAY_MS);
});

Deno.test("every login opens a session of its own", async () => {
  const { logIn, kept } = arrange();
  assert.notEqual(await logIn("ripley", "right"), await logIn("ripley", "right"));
  assert.equal(kept.size, 2);
});

Deno.test("a wrong password is answered like an unknown or impossible login, and opens nothing", async () => {
  const { logIn, kept } = arrange();
  for (
    const [login, password] of [["ripley", "wrong"], ["nobody", "right"], ["no login!", "right"]] as const
  ) {
    await assert.rejects(logIn(login, password), new WrongCredentials());
  }
  assert.equal(kept.size, 0);
});

Deno.test("an unknown or impossible login costs a look-up and a verification, as a known one does", async () => {
  const { logIn, lookedUp, verified } = arrange();
  await assert.rejects(logIn("nobody", "right"));
  await assert.rejects(logIn("no login!", "right"));
  await assert.rejects(logIn("ripley", "x".repeat(10_000)));
  assert.deepEqual(lookedUp, ["nobody", undefined, "ripley"]);
  assert.deepEqual(verified, [undefined, undefined, "hash of right"]);
});

Deno.test("a hash made with older parameters is renewed by a login with the right password", async () => {
  const { logIn, replaced } = arrange({ isOutdated: true });
  await assert.rejects(logIn("ripley", "wrong"));
  assert.deepEqual(replaced, []);
  await logIn("ripley", "right");
  assert.deepEqual(replaced, ["hash of right -> new hash of right"]);
});

Deno.test("a full queue puts the renewal off and does not refuse the login", async () => {
  const { logIn, kept, replaced } = arrange({ isOutdated: true, isHashingRefused: true });
  await logIn("ripley", "right");
  assert.equal(kept.size, 1);
  assert.deepEqual(replaced, []);
});
