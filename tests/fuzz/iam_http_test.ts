import fc from "fast-check";
import assert from "node:assert/strict";
import { assertCleanStop } from "../support/clean_stop.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { assertRefused, assertWell, faultsOf, unreached } from "./http/check_answer.ts";
import { startIamStage } from "./http/iam_stage.ts";
import { fuzzedRequest } from "./http/request.ts";
import { METHODS, UNKNOWN_ROUTES } from "./http/unknown_routes.ts";

Deno.test("no hostile HTTP request makes IAM fail, hang or break its contract", async () => {
  await using stage = await startIamStage();
  const { contract, ask } = stage;
  const runs = fuzzRuns(5_000);
  const answered = new Set<string>();

  await fc.assert(
    fc.asyncProperty(fuzzedRequest(stage), async ({ id, ...request }) => {
      const answer = await ask(id, request);
      assert.deepEqual(await faultsOf(contract, { id, ...request }, answer), []);
      answered.add(`${id} ${answer.status}`);
    }),
    runs,
  );

  for (const { id } of contract.operations) await assertWell(stage, id);
  if (runs.numRuns >= 1_000) assert.deepEqual(unreached(contract, answered), []);
  await assertCleanStop(stage.system, ["iam"]);
});

Deno.test("IAM has no other routes, and no other methods on them", async () => {
  await using stage = await startIamStage();
  const { contract, ask } = stage;
  for (const { id, path } of contract.operations) {
    for (const at of Object.values(UNKNOWN_ROUTES)) await assertRefused(await ask(id, { at }), 404);
    const methods = contract.operations.filter((other) => other.path === path).map(({ method }) => method);
    for (const method of METHODS.filter((one) => !methods.includes(one))) {
      const answer = await ask(id, { method });
      const allowed = answer.headers.get("Allow")?.split(", ") ?? [];
      assert.deepEqual(allowed.filter((one) => one !== "HEAD"), methods.toSorted());
      await assertRefused(answer, 405);
    }
    await assertWell(stage, id);
  }
  await assertCleanStop(stage.system, ["iam"]);
});
