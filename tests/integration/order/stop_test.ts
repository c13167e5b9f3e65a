import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { countOrders, type OrderAlone, startOrderAlone } from "../../support/order_alone.ts";
import { postOrder } from "../../support/order_client.ts";

Deno.test("on stop, the order service answers the requests it has accepted and exits with 0", async (t) => {
  await using order = await startOrderAlone({
    ORDER_MAX_UNPAID: "100000",
    ORDER_MAX_UNPAID_PIECES: "100000",
  });
  const { system, iam, inventory } = order;
  const { sessionUuid } = iam.openSession();
  const { uuid } = inventory.add();
  const service = system.process("order");

  await t.step("an order in progress when the signal comes is placed", async () => {
    const held = Promise.withResolvers<() => void>();
    await inventory.withAnswer(
      (answer) => held.resolve(() => answer(null, { parts: [inventory.part(uuid)] })),
      async () => {
        const placing = postOrder(system, sessionUuid, { part_uuids: [uuid] });
        const answerHeld = await held.promise;
        service.kill("SIGTERM");
        await service.waitForLine(/"msg":"stopping"/);
        answerHeld();
        const answer = await placing;
        assert.equal(answer.status, 201);
        await answer.body?.cancel();
      },
    );
    assert.equal((await service.waitForExit()).code, 0);
    assert.equal(await countOrders(order), 1);
  });

  await t.step("under load no request is lost, and every order that was confirmed exists", async () => {
    await system.start("order");
    const before = await countOrders(order);
    let placed = 0;
    const clients = Array.from(
      { length: 16 },
      () => placeUntilClosed(order, sessionUuid, uuid, () => placed++),
    );
    await eventually(() => assert.ok(placed > 50));
    assert.equal((await system.stop("order")).code, 0);
    await Promise.all(clients);
    assert.equal(await countOrders(order), before + placed);
  });
});

/** Places orders, one after another, until the service is no longer ready or its port is closed. */
async function placeUntilClosed(
  { system }: OrderAlone,
  sessionUuid: string,
  partUuid: string,
  onPlaced: () => void,
): Promise<void> {
  try {
    while (await isReady(system.orderUrl)) {
      const answer = await postOrder(system, sessionUuid, { part_uuids: [partUuid] });
      assert.equal(answer.status, 201, await answer.text());
      onPlaced();
    }
  } catch (error) {
    // A request that finds the port closed is not lost; one that ends in any other way is.
    if (!Deno.inspect(error).includes("Connection refused")) throw error;
  }
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`);
  await answer.body?.cancel();
  return answer.status === 200;
}
