import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { followOrder } from "../../support/followed_order.ts";
import { startOrderAlone } from "../../support/order_alone.ts";
import {
  fetchOrderApi,
  httpStatus,
  placeOrder,
  postCancellation,
  postPayment,
} from "../../support/order_client.ts";

Deno.test("an order is followed by its owner", async (t) => {
  await using order = await startOrderAlone();
  const { system, iam, inventory, sql } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();
  await using replica = system.launchReplica("order");
  const [, port] = await replica.waitForLine(/"address":"127\.0\.0\.1:(\d+)","msg":"ready"/);
  const other = { orderUrl: `http://127.0.0.1:${port}` };
  const place = async () => {
    const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
    return { sessionUuid, orderUuid: order_uuid };
  };
  const pay = async (orderUuid: string) =>
    assert.equal(await httpStatus(postPayment(system, sessionUuid, orderUuid)), 200);

  await t.step("through changes that another replica makes, until the last", async () => {
    const placed = await place();
    await using followed = await followOrder(other, placed);
    assert.equal(followed.response.headers.get("Content-Type"), "text/event-stream");
    const event = (status: string) => ({
      event: "status",
      data: JSON.stringify({ order_uuid: placed.orderUuid, status }),
      id: status,
    });
    assert.deepEqual(await followed.next(), event("PENDING_PAYMENT"));
    await pay(placed.orderUuid);
    assert.deepEqual(await followed.next(), event("PAID"));
    await sql`update orders set status = 'ASSEMBLED' where order_uuid = ${placed.orderUuid}`;
    assert.deepEqual(await followed.next(), event("ASSEMBLED"));
    assert.equal(await followed.next(), undefined);
  });

  await t.step("from the last event that arrived, and not again once all have", async () => {
    const placed = await place();
    await pay(placed.orderUuid);
    await sql`update orders set status = 'ASSEMBLED' where order_uuid = ${placed.orderUuid}`;
    await using resumed = await followOrder(other, { ...placed, after: "PENDING_PAYMENT" });
    assert.deepEqual([(await resumed.next())?.id, (await resumed.next())?.id], ["PAID", "ASSEMBLED"]);
    await using over = await followOrder(other, { ...placed, after: "ASSEMBLED" });
    assert.equal(over.response.status, 204);
  });

  await t.step("no longer than the session lives", async () => {
    const placed = await place();
    const owner = iam.openSession({ userUuid: await userOf(placed.orderUuid) });
    await using followed = await followOrder(other, { ...placed, sessionUuid: owner.sessionUuid });
    await followed.next();
    iam.endSession(owner.sessionUuid);
    await pay(placed.orderUuid);
    assert.equal(await followed.next(), undefined);
  });

  await t.step("also after the database was away", async () => {
    const placed = await place();
    await using followed = await followOrder(other, placed);
    await followed.next();
    await system.backing.postgres.stop();
    await system.backing.postgres.start();
    await eventually(async () => {
      assert.equal(await httpStatus(postCancellation(system, sessionUuid, placed.orderUuid)), 204);
    });
    const next = await followed.next();
    if (next !== undefined) return assert.equal(next.id, "CANCELLED");
    // The database was asked while it was away, which ends the stream; the client goes on where it was.
    await using resumed = await followOrder(other, { ...placed, after: "PENDING_PAYMENT" });
    assert.equal((await resumed.next())?.id, "CANCELLED");
  });

  await t.step("ten at once, however many were given up before", async () => {
    const placed = await place();
    for (let count = 0; count < 20; count++) {
      await using followed = await followOrder(other, placed);
      await followed.next();
    }
    await eventually(async () => {
      await using followed = new AsyncDisposableStack();
      const responses: Response[] = [];
      for (let count = 0; count < 11; count++) {
        responses.push(followed.use(await followOrder(other, placed)).response);
      }
      assert.deepEqual(responses.map(({ status }) => status), [...Array(10).fill(200), 429]);
      assert.equal(responses.at(-1)?.headers.get("Retry-After"), "1");
    });
  });

  await t.step("and HEAD shows the answer's headers without following", async () => {
    const { orderUuid } = await place();
    const path = `/api/v1/orders/${orderUuid}/events`;
    const { status, headers } = await fetchOrderApi(system, path, sessionUuid, { method: "HEAD" });
    assert.deepEqual([status, headers.get("Content-Type")], [200, "text/event-stream"]);
  });

  await t.step("until the service stops, which does not wait for followers", async () => {
    await using followed = await followOrder(other, await place());
    await followed.next();
    replica.kill("SIGTERM");
    assert.equal(await followed.next(), undefined);
    assert.equal((await replica.waitForExit()).code, 0);
  });

  async function userOf(orderUuid: string): Promise<string> {
    const [row] = await sql<
      { user_uuid: string }[]
    >`select user_uuid from orders where order_uuid = ${orderUuid}`;
    return row?.user_uuid ?? assert.fail();
  }
});
