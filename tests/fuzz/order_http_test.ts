import fc from "fast-check";
import assert from "node:assert/strict";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { assertCleanStop } from "../support/clean_stop.ts";
import { BROKEN_HTTP } from "./http/broken_http.ts";
import { assertRefused, assertWell, faultsOf, unreached } from "./http/check_answer.ts";
import { fuzzedRequest } from "./http/request.ts";
import { type HttpStage, startHttpStage } from "./http/stage.ts";
import { METHODS, UNKNOWN_ROUTES } from "./http/unknown_routes.ts";

Deno.test("no hostile HTTP request makes a service fail, hang or break its contract", async () => {
  await using stage = await startHttpStage();
  const { contract } = stage;
  const runs = fuzzRuns(5_000);
  const answered = new Set<string>();

  await fc.assert(
    fc.asyncProperty(fuzzedRequest(stage), async ({ id, ...request }) => {
      const answer = await stage.ask(id, request);
      assert.deepEqual(await faultsOf(contract, { id, ...request }, answer), []);
      answered.add(`${id} ${answer.status}`);
      // It was refused while it was being read: the next request must not suffer. One that only reads leaves no order
      // to replace; every other operation is asked at the end.
      if ([400, 413, 415].includes(answer.status)) await assertWell(stage, "getOrder");
    }),
    runs,
  );

  // It takes an order and a status that fit together, which chance brings too seldom.
  const followed = await stage.ask("followOrder", { headers: { "Last-Event-ID": "CANCELLED" } });
  assert.deepEqual(await contract.violations("followOrder", followed), []);
  answered.add(`followOrder ${followed.status}`);

  await assertAllWell(stage);
  if (runs.numRuns >= 1_000) assert.deepEqual(unreached(contract, answered), []);
});

Deno.test("unknown routes and broken HTTP do not disturb the next request", async (t) => {
  await using stage = await startHttpStage();
  const { contract, ask } = stage;
  for (const { id, path } of contract.operations) {
    for (const [what, at] of Object.entries(UNKNOWN_ROUTES)) {
      await t.step(`${what} of ${id}`, async () => {
        await assertRefused(await ask(id, { at }), 404);
      });
    }
    const methods = contract.operations.filter((other) => other.path === path).map(({ method }) => method);
    for (const method of METHODS.filter((one) => !methods.includes(one))) {
      await t.step(`${method} instead of ${id}`, async () => {
        const answer = await ask(id, { method });
        const allowed = answer.headers.get("Allow")?.split(", ") ?? [];
        assert.deepEqual(allowed.filter((one) => one !== "HEAD"), methods.toSorted());
        await assertRefused(answer, 405);
      });
    }
    await assertWell(stage, id);
  }
  for (const [what, bytes] of Object.entries(BROKEN_HTTP)) {
    await t.step(what, async () => {
      const hostname = "127.0.0.1";
      const connection = await Deno.connect({
        hostname,
        port: Number(stage.system.variable("ORDER_HTTP_PORT")),
      });
      await connection.write(new TextEncoder().encode(bytes));
      connection.close();
      await assertWell(stage, "createOrder");
    });
  }
  await assertAllWell(stage);
});

/** Checks that every operation answers, and every service is alive and has logged no fault; stops them. */
async function assertAllWell(stage: HttpStage): Promise<void> {
  for (const { id } of stage.contract.operations) await assertWell(stage, id);
  await assertCleanStop(stage.system);
}
