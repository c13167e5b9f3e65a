import assert from "node:assert/strict";
import postgres from "postgres";
import { startOrderAlone } from "../../support/order_alone.ts";

const uuid = crypto.randomUUID();
const waiting = {
  order_uuid: uuid,
  user_uuid: uuid,
  part_uuids: `{${uuid}}`,
  total_price: "1.50",
  transaction_uuid: null,
  payment_method: null,
  payment_started_at: null,
  payment_recovery_at: null,
  status: "PENDING_PAYMENT",
};
const NOW = "2026-01-01T00:00:00Z";
const started = { ...waiting, payment_method: "CARD", payment_started_at: NOW, payment_recovery_at: NOW };
const paid = { ...started, payment_recovery_at: null, status: "PAID", transaction_uuid: uuid };

type Row = Readonly<Record<keyof typeof waiting, string | null>>;

const VALID: readonly (readonly [string, Row])[] = [
  ["waiting", waiting],
  ["being paid", started],
  ["cancelled", { ...waiting, status: "CANCELLED" }],
  ["paid", paid],
  ["assembled", { ...paid, status: "ASSEMBLED" }],
  ["with a total of 0", { ...waiting, total_price: "0" }],
  ["with the highest total", { ...waiting, total_price: "999999999999.99" }],
  ["of 100 pieces", { ...waiting, part_uuids: `{${Array(100).fill(uuid)}}` }],
];

const INVALID: readonly (readonly [string, Row, string])[] = [
  ["in an unknown status", { ...waiting, status: "LOST" }, "orders_status"],
  ["paid without a transaction", { ...paid, transaction_uuid: null }, "orders_payment"],
  ["paid without a method", { ...paid, payment_method: null }, "orders_payment"],
  ["assembled but not paid", { ...waiting, status: "ASSEMBLED" }, "orders_payment"],
  ["waiting and paid", { ...paid, status: "PENDING_PAYMENT" }, "orders_payment"],
  ["waiting with half a payment", { ...waiting, payment_method: "SBP" }, "orders_payment"],
  ["being paid without a method", { ...started, payment_method: null }, "orders_payment"],
  ["being paid without a recovery time", { ...started, payment_recovery_at: null }, "orders_payment"],
  ["being paid with a transaction", { ...started, transaction_uuid: uuid }, "orders_payment"],
  ["cancelled while being paid", { ...started, status: "CANCELLED" }, "orders_payment"],
  ["paid with a recovery time", { ...paid, payment_recovery_at: NOW }, "orders_payment"],
  ["cancelled and paid", { ...paid, status: "CANCELLED" }, "orders_payment"],
  ["paid in shells", { ...paid, payment_method: "SHELLS" }, "orders_payment_method"],
  ["of no pieces", { ...waiting, part_uuids: "{}" }, "orders_pieces"],
  ["of 101 pieces", { ...waiting, part_uuids: `{${Array(101).fill(uuid)}}` }, "orders_pieces"],
  ["with a piece that is null", { ...waiting, part_uuids: `{${uuid},null}` }, "orders_pieces"],
  ["with a negative total", { ...waiting, total_price: "-0.01" }, "orders_total_price"],
  ["with a total of NaN", { ...waiting, total_price: "NaN" }, "orders_total_price"],
];

Deno.test("the orders table", async (t) => {
  await using order = await startOrderAlone();
  const { sql } = order;

  for (const [what, row] of VALID) {
    await t.step(`accepts an order ${what}`, async () => {
      await sql`insert into orders ${sql({ ...row, order_uuid: crypto.randomUUID() })}`;
    });
  }

  for (const [what, row, constraint] of INVALID) {
    await t.step(`refuses an order ${what}, by ${constraint}`, async () => {
      await assert.rejects(async () => await sql`insert into orders ${sql({ ...row })}`, (error) => {
        assert.ok(error instanceof postgres.PostgresError);
        assert.equal(error.constraint_name, constraint);
        return true;
      });
    });
  }

  for (const [what, query, index] of QUERIES) {
    await t.step(`finds ${what} by ${index}, without sorting`, async () => {
      // For a few rows, sorting is cheaper than the index; this checks that the index can be used.
      for (const setting of ["enable_seqscan", "enable_bitmapscan", "enable_sort"]) {
        await sql`select set_config(${setting}, 'off', false)`;
      }
      const plan = JSON.stringify(await sql.unsafe(`explain (format json) ${query}`));
      assert.match(plan, new RegExp(`"Index Name":\\s*"${index}"`));
      assert.doesNotMatch(plan, /"Node Type":\s*"Sort"/);
    });
  }
});

const NEWEST_FIRST = "order by created_at desc, order_uuid desc limit 10";

/** The conditions of the order service's queries, which must not scan the whole table. */
const QUERIES: readonly (readonly [what: string, query: string, index: string])[] = [
  [
    "a user's orders, newest first,",
    `select from orders where user_uuid = '${uuid}' and (created_at, order_uuid) < (now(), '${uuid}') ${NEWEST_FIRST}`,
    "orders_of_user_newest_first",
  ],
  [
    "a user's orders in a status, newest first,",
    `select from orders where user_uuid = '${uuid}' and status = 'PAID' ${NEWEST_FIRST}`,
    "orders_of_user_by_status",
  ],
  [
    "payments to recover",
    "select from orders where payment_recovery_at <= now() order by payment_recovery_at limit 10",
    "orders_to_recover",
  ],
  [
    "orders that were not paid in time",
    `select from orders where status = 'PENDING_PAYMENT' and payment_started_at is null and created_at < now()
     order by created_at limit 10`,
    "orders_to_cancel",
  ],
  [
    "orders whose reservation must be extended",
    `select from orders where status = 'PENDING_PAYMENT' and payment_started_at is null and reservation_due_at <= now()
     order by reservation_due_at limit 10`,
    "orders_to_reserve",
  ],
  [
    "expired keys",
    "select from idempotency_keys where created_at <= now() order by created_at limit 10",
    "idempotency_keys_by_age",
  ],
];
