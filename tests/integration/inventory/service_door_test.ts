import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { readErrorDetails } from "@rocket/platform/grpc";
import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf, errorOf } from "@rocket/platform/testing/raw-client";
import { type InventoryAlone, startInventoryAlone } from "./inventory_alone.ts";
import { addParts, pieceCounts } from "./stock_rows.ts";

/** gRPC metadata by key. */
type MetadataRecord = Readonly<Record<string, string>>;

/** Calls to the methods for services only, in which every field is invalid. */
function invalidCalls(
  { system }: InventoryAlone,
): Readonly<Record<string, (metadata: MetadataRecord) => Promise<unknown>>> {
  const { inventory } = system;
  const items = [{ partUuid: "x", quantity: 0 }, { partUuid: "y", quantity: 101 }];
  return {
    ReserveParts: (metadata) =>
      answerOf(inventory.reserveParts({ orderUuid: "x", items, ttl: undefined }, metadata)),
    CommitParts: (metadata) => answerOf(inventory.commitParts({ orderUuid: "x" }, metadata)),
    ReleaseParts: (metadata) => answerOf(inventory.releaseParts({ orderUuid: "x" }, metadata)),
  };
}

/** Invalid service tokens, as metadata. */
const INVALID_TOKENS: Readonly<Record<string, MetadataRecord>> = {
  "no metadata": {},
  "an empty token": { "service-token": "" },
  "another token": { "service-token": "a".repeat(32) },
  "an unknown session": { "session-uuid": crypto.randomUUID() },
};

Deno.test("inventory's methods for services only", async (t) => {
  await using inventory = await startInventoryAlone();
  const { session, service, sql, stock, system } = inventory;

  for (const [method, call] of Object.entries(invalidCalls(inventory))) {
    for (const [what, metadata] of Object.entries(INVALID_TOKENS)) {
      await t.step(`${method} refuses ${what} before it parses the request`, async () => {
        assert.equal((await errorOf(call(metadata))).code, status.UNAUTHENTICATED);
      });
    }

    await t.step(`${method} refuses a user's session`, async () => {
      const error = await errorOf(call(session));
      assert.equal(error.code, status.PERMISSION_DENIED);
      assert.equal(readErrorDetails(error.metadata).info?.reason, "SERVICES_ONLY");
    });

    await t.step(`${method} names every invalid field`, async () => {
      const error = await errorOf(call(service));
      assert.equal(error.code, status.INVALID_ARGUMENT);
      const fields = readErrorDetails(error.metadata).violations.map(({ field }) => field);
      const items = [0, 1].flatMap((n) => [`items[${n}].part_uuid`, `items[${n}].quantity`]);
      assert.deepEqual(fields, method === "ReserveParts" ? ["order_uuid", ...items, "ttl"] : ["order_uuid"]);
    });
  }

  await t.step("the service token gives no access to methods for users", async () => {
    for (
      const call of [inventory.getPart(crypto.randomUUID(), service), inventory.listParts({}, service)]
    ) {
      assert.equal((await errorOf(call)).code, status.UNAUTHENTICATED);
    }
  });

  await t.step("the service token works even while IAM is down", async () => {
    const [bolt = ""] = await addParts(sql, 3);
    const orderUuid = crypto.randomUUID();
    await inventory.iam.stop();
    try {
      await stock.reserve(orderUuid, { [bolt]: 1 });
      await stock.release(orderUuid);
      await stock.reserve(orderUuid, { [bolt]: 2 });
      await stock.commit(orderUuid);
    } finally {
      await inventory.iam.start();
    }
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 1, held: 0, sold: 2 }]);
  });

  await t.step("a Postgres that is down is UNAVAILABLE, and calls succeed once it is back", async () => {
    const [bolt = ""] = await addParts(sql, 3);
    const orderUuid = crypto.randomUUID();
    const calls: readonly (() => Promise<unknown>)[] = [
      () => stock.reserve(orderUuid, { [bolt]: 1 }),
      () => stock.commit(orderUuid),
      () => stock.release(orderUuid),
    ];
    await system.backing.postgres.kill();
    try {
      for (const call of calls) {
        const error = await errorOf(call());
        assert.equal(error.code, status.UNAVAILABLE);
        assert.equal(error.details, "postgres is unavailable");
      }
    } finally {
      await system.backing.postgres.start();
    }
    await eventually(() => stock.reserve(orderUuid, { [bolt]: 1 }));
  });
});
