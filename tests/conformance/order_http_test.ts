import { orderApi } from "@rocket/proto/order";
import assert from "node:assert/strict";
import { z } from "zod";
import { type Contract, readHttpContract } from "../support/openapi.ts";
import { startOrderAlone } from "../support/order_alone.ts";
import { registerAndLogIn } from "../support/person.ts";
import { recordFetch } from "../support/recorded_fetch.ts";
import { startSystem } from "../support/system.ts";
import { TYPED_CLIENTS } from "../support/typed_clients.ts";
import { describeClientCases } from "./order/client_cases.ts";
import { describeFaultScenarios } from "./order/fault_scenarios.ts";

/** Statuses that a client alone can't cause: something must be down or busy. */
const FAULTS = [429, 500, 503, 504];

/** The part of each success that does not depend on the client. */
const SUCCESSES: Readonly<Record<string, z.ZodType>> = {
  "createOrder 201": orderApi.CreateOrderResponse.transform(({ total_price }) => ({ total_price })),
  "listOrders 200": orderApi.ListOrdersResponse.transform(({ orders }) => orders.length),
  "getOrder 200": orderApi.GetOrderResponse,
  "followOrder 200": z.string(),
  "followOrder 204": z.undefined(),
  "payOrder 200": orderApi.PayOrderResponse.transform(({ transaction_uuid }) => typeof transaction_uuid),
  "cancelOrder 204": z.undefined(),
};

Deno.test("the running system answers every typed client alike, and as order's OpenAPI document says", async (t) => {
  const contract = await readHttpContract("order");
  await using system = await startSystem();
  await system.seedParts();
  const { sessionUuid } = await registerAndLogIn(system);
  const cases = await describeClientCases(system, sessionUuid);

  await t.step(
    "the cases are exactly the documented answers that a client can cause",
    () => {
      const documented = documentedAnswers(contract).filter(({ status }) => !FAULTS.includes(status));
      assert.deepEqual(
        new Set(cases.map(([answer]) => answer)),
        new Set(documented.map(({ answer }) => answer)),
      );
    },
  );

  for (const [answer, what, ask, options = { sessionUuid }] of cases) {
    await t.step(`${answer}: ${what}`, async () => {
      const [operationId = "", expected] = answer.split(" ");
      const schema = SUCCESSES[answer] ?? orderApi.ErrorBody;
      const answers = await Promise.all(
        Object.entries(TYPED_CLIENTS).map(async ([name, connect]) => {
          const wire = recordFetch(options.fetch);
          const { status, body } = await ask(connect(system.orderUrl, { ...options, fetch: wire.fetch }));
          assert.equal(status, Number(expected), name);
          assert.equal(wire.lastAnswer().headers.get("Cache-Control"), "no-store");
          assert.deepEqual(await contract.violations(operationId, wire.lastAnswer()), [], name);
          return { name, body: schema.parse(body) };
        }),
      );
      for (const { name, body } of answers) assert.deepEqual(body, answers[0]?.body, name);
    });
  }
});

Deno.test("failures of order and its dependencies are answered as its OpenAPI document says", async (t) => {
  const contract = await readHttpContract("order");
  await using order = await startOrderAlone();
  const scenarios = await describeFaultScenarios(order);

  await t.step("the scenarios are exactly the documented faults", () => {
    const documented = documentedAnswers(contract).filter(({ status }) => FAULTS.includes(status));
    assert.deepEqual(Object.keys(scenarios).toSorted(), documented.map(({ answer }) => answer).toSorted());
  });

  for (const [name, drive] of Object.entries(scenarios)) {
    await t.step(`${name} is answered as documented`, async () => {
      const [operationId = "", expected] = name.split(" ");
      const answer = await drive();
      assert.equal(answer.status, Number(expected), await answer.clone().text());
      assert.equal(answer.headers.get("Cache-Control"), "no-store");
      assert.deepEqual(await contract.violations(operationId, answer), []);
    });
  }
});

function documentedAnswers({ operations }: Contract) {
  return operations.flatMap(({ id, statuses }) =>
    statuses.map((status) => ({ status, answer: `${id} ${status}` }))
  );
}
