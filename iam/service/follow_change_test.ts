import assert from "node:assert/strict";
import { isAbandoned, runWithRequest, Unavailable } from "@rocket/platform/core";
import type { AccountChange } from "../repository/account_changes.ts";
import { createFinishChanges, createFollowChange } from "./follow_change.ts";

const CHANGE: AccountChange = {
  userUuid: "5a5d6a1e-6a8c-4c3e-9d43-0c9a5a3e0b11",
  generation: 3,
  endsSessions: true,
  kept: undefined,
};

Deno.test("7.4.3: sessions end even if the request runs out of time once the account has changed", async () => {
  const done: string[] = [];
  /** Refuses a request that has run out of time, as the stores do. */
  const step = (name: string) => {
    if (isAbandoned()) return Promise.reject(new Error(`${name}: too late`));
    done.push(name);
    return Promise.resolve();
  };
  const followChange = createFollowChange({
    users: { find: () => Promise.resolve(undefined) },
    sessions: { endAll: () => step("end all"), showAccount: () => step("show") },
    changes: { finish: () => step("finish") },
  });
  await runWithRequest({ requestId: "r-1", deadline: Date.now() - 1 }, () => followChange(CHANGE));
  assert.deepEqual(done, ["end all", "finish"]);
});

Deno.test("a change that can't be finished does not keep others from it, and is reported", async () => {
  const unfinished = [1, 2, 3].map((generation) => ({ ...CHANGE, generation }));
  const followed: number[] = [];
  const finishChanges = createFinishChanges(
    { takeUnfinished: () => Promise.resolve(unfinished) },
    ({ generation }) => {
      followed.push(generation);
      return generation === 3 ? Promise.resolve() : Promise.reject(new Unavailable("redis"));
    },
  );
  await assert.rejects(
    finishChanges(new AbortController().signal),
    /^AggregateError: 2 changes not finished$/,
  );
  assert.deepEqual(followed, [1, 2, 3]);
});

Deno.test("no further change is taken up once IAM stops", async () => {
  const closing = new AbortController();
  const followed: number[] = [];
  const finishChanges = createFinishChanges(
    { takeUnfinished: () => Promise.resolve([1, 2].map((generation) => ({ ...CHANGE, generation }))) },
    ({ generation }) => {
      followed.push(generation);
      closing.abort();
      return Promise.resolve();
    },
  );
  await finishChanges(closing.signal);
  assert.deepEqual(followed, [1]);
});
