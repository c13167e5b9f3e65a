import assert from "node:assert/strict";
import { orderApi } from "@rocket/proto/order";
import { countOrders, startOrderAlone } from "../../support/order_alone.ts";
import { fetchOrderApi, placeOrder, postOrder, readOrder } from "../../support/order_client.ts";

Deno.test("orders on a real database", async (t) => {
  await using order = await startOrderAlone();
  const { system, iam, inventory, sql } = order;
  const { sessionUuid, userUuid } = iam.openSession();

  await t.step("an order is read as it was placed", async () => {
    const [engine, bolt] = [inventory.add({ price: 1_499.9 }), inventory.add({ price: 0.1 })];
    const partUuids = [bolt.uuid, engine.uuid, bolt.uuid];

    const placed = await placeOrder(system, sessionUuid, partUuids);
    const read = await readOrder(system, sessionUuid, placed.order_uuid);

    orderApi.CreateOrderResponse.parse(placed);
    assert.equal(placed.total_price, 1_500.1);
    assert.deepEqual(orderApi.GetOrderResponse.parse(read), {
      order_uuid: placed.order_uuid,
      user_uuid: userUuid,
      part_uuids: partUuids,
      total_price: 1_500.1,
      transaction_uuid: null,
      payment_method: null,
      status: "PENDING_PAYMENT",
    });
  });

  for (const [prices, wire] of WIRE_TABLE) {
    await t.step(
      `pieces at ${prices.join(" and ")} are ${wire} on the wire and in the database`,
      async () => {
        const parts = prices.map((price) => inventory.add({ price }).uuid);
        const answer = await postOrder(system, sessionUuid, { part_uuids: parts });
        const text = await answer.text();
        assert.equal(answer.status, 201);
        assert.match(text, new RegExp(`"total_price":${wire.replace(".", "\\.")}}$`));
        const { order_uuid } = orderApi.CreateOrderResponse.parse(JSON.parse(text));
        const read = await fetchOrderApi(system, `/api/v1/orders/${order_uuid}`, sessionUuid);
        assert.match(await read.text(), new RegExp(`"total_price":${wire.replace(".", "\\.")},`));
        const [row] = await sql`select total_price = ${wire}::numeric as same from orders
                              where order_uuid = ${order_uuid}`;
        assert.equal(row?.["same"], true);
      },
    );
  }

  for (const pieces of [1, 2, 100]) {
    await t.step(`${pieces} pieces take one ListParts, with session, request id and deadline`, async () => {
      const [one, other] = [inventory.add(), inventory.add()];
      const partUuids = Array.from({ length: pieces }, (_, n) => n % 2 === 0 ? one.uuid : other.uuid);
      inventory.calls.length = 0;

      const answer = await fetchOrderApi(system, "/api/v1/orders", sessionUuid, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Request-Id": `order-${pieces}` },
        body: JSON.stringify({ part_uuids: partUuids }),
      });

      assert.equal(answer.status, 201);
      assert.equal(answer.headers.get("X-Request-Id"), `order-${pieces}`);
      await answer.body?.cancel();
      const [call, ...more] = inventory.calls;
      assert.deepEqual(more, []);
      assert.deepEqual(call?.request.filter, {
        uuids: [...new Set(partUuids)],
        names: [],
        categories: [],
        manufacturerCountries: [],
        tags: [],
      });
      assert.deepEqual(call?.metadata.get("session-uuid"), [sessionUuid]);
      assert.deepEqual(call?.metadata.get("x-request-id"), [`order-${pieces}`]);
      assert.ok(call.withinMs > 0 && call.withinMs <= 2_000, `${call.withinMs} ms`);
    });
  }

  await t.step("UUIDs in upper case are accepted, and stored and returned in lower case", async () => {
    const { uuid } = inventory.add();
    const answer = await postOrder(system, sessionUuid.toUpperCase(), {
      part_uuids: [uuid.toUpperCase()],
      user_uuid: userUuid.toUpperCase(),
    });
    assert.equal(answer.status, 201);
    const { order_uuid } = orderApi.CreateOrderResponse.parse(await answer.json());
    const read = await readOrder(system, sessionUuid, order_uuid.toUpperCase());
    assert.deepEqual([read.order_uuid, read.part_uuids, read.user_uuid], [order_uuid, [uuid], userUuid]);
  });

  await t.step("an order can be read in every session of its user, and in no other session", async () => {
    const { order_uuid } = await placeOrder(system, sessionUuid, [inventory.add().uuid]);
    const again = iam.openSession({ userUuid });
    assert.equal((await readOrder(system, again.sessionUuid, order_uuid)).user_uuid, userUuid);

    const stranger = iam.openSession();
    const answers = await Promise.all([order_uuid, crypto.randomUUID()].map(async (uuid) => {
      const answer = await fetchOrderApi(system, `/api/v1/orders/${uuid}`, stranger.sessionUuid);
      return [answer.status, (await answer.text()).replace(uuid, "the order")];
    }));
    const body = '{"code":404,"message":"order the order does not exist","reason":"ORDER_NOT_FOUND"}';
    assert.deepEqual(answers[0], [404, body]);
    assert.deepEqual(answers[0], answers[1]);
  });

  await t.step("a refused order leaves nothing behind", async () => {
    const [part, short] = [inventory.add(), inventory.add({ stockQuantity: 1 })];
    const unknown = crypto.randomUUID();
    const table: readonly (readonly [orderApi.CreateOrderBody, number, string])[] = [
      [{ part_uuids: [] }, 400, "part_uuids"],
      [{ part_uuids: [part.uuid], user_uuid: iam.openSession().userUuid }, 403, "own user"],
      [{ part_uuids: [part.uuid, unknown] }, 404, unknown],
      [{ part_uuids: [short.uuid, part.uuid, short.uuid] }, 409, short.uuid],
    ];
    const before = await countOrders(order);
    for (const [body, status, words] of table) {
      const answer = await postOrder(system, sessionUuid, body);
      const error = orderApi.ErrorBody.parse(await answer.json());
      assert.equal(answer.status, status);
      assert.ok(error.message.includes(words), error.message);
      assert.ok(!error.message.includes(part.uuid), "a valid part is not named");
    }
    assert.equal(await countOrders(order), before);
  });

  await t.step("a body over 64 KiB is 413, with or without a Content-Length", async () => {
    const body = "x".repeat(64 * 1024 + 1);
    const streamed = new Blob([body]).stream();
    for (const sent of [body, streamed]) {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetchOrderApi(system, "/api/v1/orders", sessionUuid, {
        method: "POST",
        headers,
        body: sent,
      });
      assert.equal(answer.status, 413);
      assert.equal(orderApi.ErrorBody.parse(await answer.json()).code, 413);
    }
  });

  await t.step("fifty concurrent clients each get their own orders", async () => {
    const sessions = Array.from({ length: 50 }, () => iam.openSession());
    const { uuid } = inventory.add();
    await Promise.all(sessions.map(async (session) => {
      const { order_uuid } = await placeOrder(system, session.sessionUuid, [uuid]);
      const read = await readOrder(system, session.sessionUuid, order_uuid);
      assert.equal(read.user_uuid, session.userUuid);
    }));
  });
});

/** Prices, with their exact sum. */
const WIRE_TABLE: readonly (readonly [readonly number[], string])[] = [
  [[0], "0"],
  [[0.01], "0.01"],
  [[0.1, 0.2], "0.3"],
  [[19.99, 0.01], "20"],
  [[1.1, 2.2], "3.3"],
  [[9_999_999_999.99, 0.02], "10000000000.01"],
  [[999_999_999_999.99], "999999999999.99"],
] as const;
