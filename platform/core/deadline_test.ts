import assert from "node:assert/strict";
import { currentRequest, runWithRequest } from "./request_context.ts";
import { DeadlineExceeded } from "./failure.ts";
import { HOP_LIMIT_MS, hopDeadline, outsideRequestDeadline, withinHopDeadline } from "./deadline.ts";

function withMsLeft<T>(msLeft: number, work: () => T): T {
  return runWithRequest({ requestId: "r-1", deadline: Date.now() + msLeft }, work);
}

for (
  const [name, msLeft, hopMs] of [
    ["has 2 s outside of any request", undefined, HOP_LIMIT_MS],
    ["has 2 s in a request that has more left", 5_000, HOP_LIMIT_MS],
    ["has no more than what its request has left", 700, 700],
    ["has no time left in a request that is past its deadline", -300, -300],
  ] as const
) {
  Deno.test(`a hop ${name}`, () => {
    const earliest = Date.now() + hopMs;
    const deadline = msLeft === undefined ? hopDeadline() : withMsLeft(msLeft, hopDeadline);
    assert.ok(deadline >= earliest && deadline <= Date.now() + hopMs);
  });
}

Deno.test("an answer in time is returned, and a failure in time thrown unchanged", async () => {
  assert.equal(await withinHopDeadline("redis", () => Promise.resolve("pong")), "pong");
  const failure = new TypeError("no");
  await assert.rejects(withinHopDeadline("redis", () => Promise.reject(failure)), failure);
});

Deno.test("a late answer is abandoned, and its work is stopped", async () => {
  const abandoned: string[] = [];
  const silence = new Promise(() => {});
  await assert.rejects(
    withMsLeft(20, () => withinHopDeadline("redis", () => silence, () => abandoned.push("redis"))),
    (error: unknown) => error instanceof DeadlineExceeded && error.dependency === "redis",
  );
  assert.deepEqual(abandoned, ["redis"]);
});

Deno.test("after the deadline, no work is started", async () => {
  let started = 0;
  const work = () => Promise.resolve(started++);
  await assert.rejects(withMsLeft(-1, () => withinHopDeadline("redis", work)), DeadlineExceeded);
  assert.equal(started, 0);
});

Deno.test("work outside the request's deadline still has a hop's limit, and the request's id", async () => {
  const result = withMsLeft(
    -1,
    () =>
      outsideRequestDeadline(() =>
        withinHopDeadline(
          "redis",
          () => Promise.resolve([currentRequest()?.requestId, hopDeadline()] as const),
        )
      ),
  );
  const [requestId, deadline] = await result;
  assert.equal(requestId, "r-1");
  assert.ok(deadline > Date.now());
});

Deno.test("an answer or failure after the deadline has no effect", async () => {
  for (const finish of ["resolve", "reject"] as const) {
    const late = Promise.withResolvers<string>();
    await assert.rejects(
      withMsLeft(5, () => withinHopDeadline("redis", () => late.promise)),
      DeadlineExceeded,
    );
    late[finish]("late");
    await Promise.allSettled([late.promise]);
  }
});
