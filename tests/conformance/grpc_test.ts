import assert from "node:assert/strict";
import { answerFaults, WHOLE_MESSAGE } from "../support/grpc_answer.ts";
import { readError } from "../support/grpc_error.ts";
import { startGrpcStage } from "../support/grpc_stage.ts";
import { COSTLY_PASSWORDS } from "../support/system.ts";
import { authScenarios } from "./grpc/auth_scenarios.ts";
import { CONDITIONS, HEALTHY, inCondition } from "./condition.ts";
import { inventoryScenarios } from "./grpc/inventory_scenarios.ts";
import { coverageFaults, outcomeOf } from "./grpc/outcome.ts";
import { paymentScenarios } from "./grpc/payment_scenarios.ts";
import { reservationScenarios } from "./grpc/reservation_scenarios.ts";
import { UNDECODABLE } from "./grpc/scenario.ts";
import { sessionScenarios } from "./grpc/session_scenarios.ts";
import { userScenarios } from "./grpc/user_scenarios.ts";

/** A password queue so short that a burst fills it. */
const ENV = { ...COSTLY_PASSWORDS, ARGON2_CONCURRENCY: "1", ARGON2_QUEUE: "8" };

Deno.test("the gRPC services answer as their contracts document, and in no other way", async (t) => {
  await using stage = await startGrpcStage(ENV);
  const { methods } = stage;
  const scenarios = {
    ...authScenarios(stage),
    ...sessionScenarios(stage),
    ...userScenarios(stage),
    ...inventoryScenarios(stage),
    ...reservationScenarios(stage),
    ...paymentScenarios(stage),
  };

  await t.step(
    "every documented method, status and reason has a scenario, and nothing else has one",
    () => {
      assert.deepEqual(coverageFaults(methods, scenarios), []);
    },
  );

  await t.step("every method refuses undecodable bytes as a whole", async () => {
    for (const method of methods) {
      const answer = await stage.ask(method.name, UNDECODABLE);
      assert.deepEqual(answerFaults(method, answer), []);
      const fields = readError(method.registry, answer)?.violations.map(({ field }) => field);
      assert.deepEqual(fields, [WHOLE_MESSAGE], method.name);
    }
  });

  const runs = methods.flatMap((method) =>
    Object.entries(scenarios[method.name] ?? {}).map(([outcome, scenario]) => ({ method, outcome, scenario }))
  );
  const assertWell = async () => {
    for (const { name } of methods) assert.equal((await stage.ask(name)).status, "OK", name);
  };
  for (const condition of CONDITIONS) {
    const here = runs.filter(({ scenario: { given = HEALTHY } }) => given === condition);
    await t.step(condition, (t) =>
      inCondition(condition, { system: stage.system, assertWell }, async () => {
        // In turn when healthy, because a burst needs the queue to itself; otherwise together, to wait only once.
        const answers = condition === HEALTHY
          ? await Array.fromAsync(here, ({ scenario }) => scenario.ask())
          : await Promise.all(here.map(({ scenario }) => scenario.ask()));
        for (const [index, { method, outcome }] of here.entries()) {
          const answer = answers[index];
          await t.step(`${method.name} answers ${outcome} as its contract documents`, () => {
            assert.ok(answer);
            assert.deepEqual(answerFaults(method, answer), []);
            assert.equal(outcomeOf(method, answer), outcome);
          });
        }
      }));
  }
});
