import { orderApi } from "@rocket/proto/order";
import assert from "node:assert/strict";
import { startOrderAlone } from "../../support/order_alone.ts";
import {
  fetchOrderApi,
  httpStatus,
  placeOrder,
  postCancellation,
  postPayment,
  readOrder,
} from "../../support/order_client.ts";

Deno.test("a user's orders are listed", async (t) => {
  await using order = await startOrderAlone();
  const { system, iam, inventory, sql } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();
  const ask = (query = "", session = sessionUuid) => fetchOrderApi(system, `/api/v1/orders${query}`, session);
  const list = async (query = "", session = sessionUuid) => {
    const answer = await ask(query, session);
    assert.equal(answer.status, 200);
    return orderApi.ListOrdersResponse.parse(await answer.json());
  };
  const place = async () => (await placeOrder(system, sessionUuid, [part.uuid])).order_uuid;
  /** Lists every page from the first to the last. */
  const readAll = async (query: string, between: () => Promise<unknown> = () => Promise.resolve()) => {
    const pages: string[][] = [];
    let cursor = "";
    do {
      const { orders, next_cursor = "" } = await list(`?${query}${cursor && `&cursor=${cursor}`}`);
      pages.push(orders.map(({ order_uuid }) => order_uuid));
      cursor = next_cursor;
      await between();
    } while (cursor !== "");
    return pages;
  };

  await t.step("without orders the list is empty and has no cursor", async () => {
    assert.deepEqual(await list(), { orders: [] });
  });

  const placed: string[] = [];
  for (let n = 0; n < 7; n++) placed.push(await place());
  const newestFirst = placed.toReversed();

  await t.step("newest first, each the same as when read on its own", async () => {
    const { orders, next_cursor } = await list();
    assert.equal(next_cursor, undefined);
    assert.deepEqual(orders.map(({ order_uuid }) => order_uuid), newestFirst);
    for (const listed of orders) {
      assert.deepEqual(listed, await readOrder(system, sessionUuid, listed.order_uuid));
    }
  });

  for (const limit of [1, 3, 7, 100]) {
    await t.step(`in pages of ${limit}, each exactly once and in order`, async () => {
      const pages = await readAll(`limit=${limit}`);
      assert.deepEqual(pages.flat(), newestFirst);
      assert.equal(pages.length, Math.ceil(newestFirst.length / limit));
    });
  }

  await t.step("orders placed in the meantime do not shift or repeat any", async () => {
    const pages = await readAll("limit=2", place);
    assert.deepEqual(pages.flat(), newestFirst);
  });

  await t.step("orders placed in the same microsecond are each listed once", async () => {
    await sql`update orders set created_at = '2026-01-01T00:00:00.000001Z'`;
    const [all] = await readAll("limit=100");
    assert.ok(all !== undefined && all.length > 7);
    assert.deepEqual((await readAll("limit=2")).flat(), all);
  });

  await t.step("by status, also page by page", async () => {
    const [paid, cancelled] = [await place(), await place()];
    assert.equal(await httpStatus(postPayment(system, sessionUuid, paid)), 200);
    assert.equal(await httpStatus(postCancellation(system, sessionUuid, cancelled)), 204);
    assert.deepEqual((await readAll("status=PAID&limit=1")).flat(), [paid]);
    assert.deepEqual((await readAll("status=CANCELLED")).flat(), [cancelled]);
    const waiting = (await readAll("status=PENDING_PAYMENT&limit=2")).flat();
    assert.ok(!waiting.includes(paid) && !waiting.includes(cancelled) && waiting.length >= 7);
  });

  await t.step("never another user's, even with that user's cursor", async () => {
    const { next_cursor = "" } = await list("?limit=1");
    assert.notEqual(next_cursor, "");
    const stranger = iam.openSession();
    assert.deepEqual(await list(`?cursor=${next_cursor}`, stranger.sessionUuid), { orders: [] });
  });

  for (
    const [query, fields] of [
      ["?limit=0", ["limit"]],
      ["?limit=101", ["limit"]],
      ["?limit=2.5", ["limit"]],
      ["?limit=all", ["limit"]],
      ["?cursor=", ["cursor"]],
      ["?cursor=2026-01-01", ["cursor"]],
      ["?status=LOST", ["status"]],
      ["?status=PAID&status=CANCELLED", ["status"]],
      ["?page=2&limit=x", ["limit", "page"]],
    ] as const
  ) {
    await t.step(`${query} is 400 and names ${fields.join(" and ")}`, async () => {
      const answer = await ask(query);
      assert.equal(answer.status, 400);
      const { details } = orderApi.ErrorBody.parse(await answer.json());
      assert.deepEqual(details?.map(({ field }) => field), fields);
    });
  }
});
