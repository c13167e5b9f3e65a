import { ORDER_FILES } from "@rocket/order/config";
import { createLogger } from "@rocket/platform/log";
import { migrate } from "@rocket/platform/postgres";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { migrateBefore } from "../../support/migrate_before.ts";
import { startSystem } from "../../support/system.ts";

const MIGRATIONS = fileURLToPath(ORDER_FILES.migrations);
const log = createLogger({ service: "order", level: "silent", format: "json" });

Deno.test("events that were written before get the topic and the key that a relay needs", async () => {
  await using system = await startSystem({ services: [] });
  const url = system.variable("ORDER_POSTGRES_URL");
  await using owned = new AsyncDisposableStack();
  const sql = postgres(url, { max: 1 });
  owned.defer(() => sql.end());
  await migrateBefore("006", MIGRATIONS, url);

  const orders = [crypto.randomUUID(), crypto.randomUUID()];
  for (const order_uuid of orders) {
    await sql`insert into orders (order_uuid, user_uuid, part_uuids, total_price, status)
              values (${order_uuid}, ${order_uuid}, ${[order_uuid]}, 1, 'PENDING_PAYMENT')`;
    await sql`insert into outbox (event_uuid, event_type, order_uuid, payload)
              values (${order_uuid}, 'events.v1.OrderPaid', ${order_uuid}, '')`;
  }
  await migrate({ url, directory: MIGRATIONS, log });
  const rows = await sql`select topic, key, attempt, request_id from outbox order by id`;
  assert.deepEqual(
    rows.map(({ key }) => key).toSorted(),
    orders.toSorted(),
  );
  for (const { topic, attempt, request_id } of rows) {
    assert.deepEqual({ topic, attempt, request_id }, { topic: "order.paid", attempt: 0, request_id: null });
  }
});
