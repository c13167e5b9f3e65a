import { orderApi } from "@rocket/proto/order";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { countOrders, startOrderAlone } from "../../support/order_alone.ts";
import { httpStatus, placeOrder, postOrder, postPayment } from "../../support/order_client.ts";

Deno.test("a request with an idempotency key is carried out once", async (t) => {
  await using order = await startOrderAlone({ ORDER_IDEMPOTENCY_LEASE: "10m", ORDER_RECOVERY_AFTER: "1h" });
  const { system, iam, inventory, payment, sql } = order;
  const { sessionUuid, userUuid } = iam.openSession();
  const part = inventory.add();
  const body = { part_uuids: [part.uuid] };
  const place = (key: string, changed: object = {}, session = sessionUuid) =>
    postOrder(system, session, { ...body, ...changed }, key);
  const contentOf = async (answer: Response) => [answer.status, await answer.text()] as const;

  await t.step("sent again, it gets the first answer byte for byte, and nothing is done twice", async () => {
    const key = crypto.randomUUID();
    const before = await countOrders(order);
    const first = await place(key);
    assert.equal(first.headers.get("Content-Type"), "application/json");
    const [status, text] = await contentOf(first);
    assert.equal(status, 201);
    for (let again = 0; again < 3; again++) {
      const answer = await place(key);
      assert.equal(answer.headers.get("Content-Type"), "application/json");
      assert.deepEqual(await contentOf(answer), [status, text]);
    }
    assert.equal(await countOrders(order), before + 1);
  });

  await t.step("a key is the same with and without the quotes of a structured header", async () => {
    const key = crypto.randomUUID();
    const first = await contentOf(await place(`"${key}"`));
    assert.deepEqual(await contentOf(await place(key)), first);
  });

  await t.step("fifty concurrent requests place a single order", async () => {
    const key = crypto.randomUUID();
    const before = await countOrders(order);
    const answers = await Promise.all(Array.from({ length: 50 }, async () => await place(key)));
    assert.equal(await countOrders(order), before + 1);
    const placed = new Set<string>();
    for (const answer of answers) {
      const text = await answer.text();
      if (answer.status === 201) placed.add(text);
      else {
        assert.equal(answer.status, 409, text);
        assert.equal(answer.headers.get("Retry-After"), "1");
      }
    }
    assert.equal(placed.size, 1);
  });

  await t.step("the same key with another body is 422, and the first answer is kept", async () => {
    const key = crypto.randomUUID();
    const first = await contentOf(await place(key));
    const other = await place(key, { part_uuids: [part.uuid, part.uuid] });
    assert.equal(other.status, 422);
    orderApi.ErrorBody.parse(await other.json());
    assert.deepEqual(await contentOf(await place(key)), first);
  });

  await t.step("keys are separate for each user and operation", async () => {
    const key = crypto.randomUUID();
    const stranger = iam.openSession();
    const [, mine] = await contentOf(await place(key));
    const [status, theirs] = await contentOf(await place(key, {}, stranger.sessionUuid));
    assert.equal(status, 201);
    assert.notEqual(theirs, mine);
    const { order_uuid } = orderApi.CreateOrderResponse.parse(JSON.parse(mine));
    assert.equal(await httpStatus(postPayment(system, sessionUuid, order_uuid, { key })), 200);
  });

  await t.step("a refusal that a retry can't change is kept", async () => {
    const key = crypto.randomUUID();
    const short = inventory.add({ stockQuantity: 0 });
    const first = await contentOf(await place(key, { part_uuids: [short.uuid] }));
    assert.equal(first[0], 409);
    assert.deepEqual(await contentOf(await place(key, { part_uuids: [short.uuid] })), first);
  });

  await t.step("an invalid body does not use up its key", async () => {
    const key = crypto.randomUUID();
    assert.equal(await httpStatus(place(key, { part_uuids: [] })), 400);
    assert.equal(await httpStatus(place(key)), 201);
  });

  await t.step("a 5xx is not kept", async () => {
    const key = crypto.randomUUID();
    await inventory.stop();
    try {
      assert.equal(await httpStatus(place(key)), 503);
    } finally {
      await inventory.start();
    }
    await eventually(async () => assert.equal(await httpStatus(place(key)), 201));
  });

  await t.step(
    "paying again with the same key gets the first answer, although the order is paid",
    async () => {
      const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
      const key = crypto.randomUUID();
      const first = await contentOf(await postPayment(system, sessionUuid, order_uuid, { key }));
      assert.equal(first[0], 200);
      assert.deepEqual(await contentOf(await postPayment(system, sessionUuid, order_uuid, { key })), first);
      assert.equal(await httpStatus(postPayment(system, sessionUuid, order_uuid)), 409);
      const other = await placeOrder(system, sessionUuid, [part.uuid]);
      assert.equal(await httpStatus(postPayment(system, sessionUuid, other.order_uuid, { key })), 422);
    },
  );

  await t.step("an invalid key is 400 and is named", async () => {
    for (const key of ["two words", "x".repeat(256)]) {
      const answer = await place(key);
      assert.equal(answer.status, 400);
      assert.equal(orderApi.ErrorBody.parse(await answer.json()).details?.[0]?.field, "Idempotency-Key");
    }
  });

  await t.step("after 24 hours a key can be used again", async () => {
    const key = crypto.randomUUID();
    const [, first] = await contentOf(await place(key));
    await sql`update idempotency_keys set created_at = now() - interval '24 hours' where key = ${key}`;
    const [status, second] = await contentOf(await place(key, { user_uuid: userUuid }));
    assert.equal(status, 201);
    assert.notEqual(second, first);
    assert.deepEqual(await contentOf(await place(key, { user_uuid: userUuid })), [201, second]);
  });

  await t.step("a request that loses its claim places no order and leaves no pieces reserved", async () => {
    const key = crypto.randomUUID();
    const before = await countOrders(order);
    const stock = inventory.part(part.uuid).stockQuantity;
    const answer = await inventory.withReserveDelayed(
      () => place(key),
      () => sql`update idempotency_keys set claim = gen_random_uuid() where key = ${key}`.execute(),
    );
    assert.equal(answer.status, 409);
    assert.equal(answer.headers.get("Retry-After"), "1");
    await answer.body?.cancel();
    assert.equal(await countOrders(order), before);
    assert.equal(inventory.part(part.uuid).stockQuantity, stock);
  });

  await t.step("a key used on another user's order never reveals their payment", async () => {
    const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
    const stranger = iam.openSession();
    const key = crypto.randomUUID();
    assert.equal(await httpStatus(postPayment(system, stranger.sessionUuid, order_uuid, { key })), 404);
    assert.equal(await httpStatus(postPayment(system, sessionUuid, order_uuid)), 200);
    assert.equal(await httpStatus(postPayment(system, stranger.sessionUuid, order_uuid, { key })), 404);
    assert.equal(payment.chargesOf(order_uuid), 1);
  });
});
