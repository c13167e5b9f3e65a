import postgres, { type Sql } from "postgres";
import { type FakeIam, startFakeIam } from "@rocket/platform/testing/fake-iam";
import { type FakeInventory, startFakeInventory } from "./fake_inventory.ts";
import { type FakePayment, startFakePayment } from "./fake_payment.ts";
import { startSystem, type System } from "./system.ts";

/** The order service on a real Postgres, with stand-ins for the services it calls. */
export interface OrderAlone extends AsyncDisposable {
  readonly system: System;
  readonly iam: FakeIam;
  readonly inventory: FakeInventory;
  readonly payment: FakePayment;
  /** Order's own database. */
  readonly sql: Sql;
}

/** Starts the order service, its database, and the stand-ins. */
export async function startOrderAlone(env: Readonly<Record<string, string>> = {}): Promise<OrderAlone> {
  await using starting = new AsyncDisposableStack();
  const iam = starting.use(await startFakeIam());
  const inventory = starting.use(await startFakeInventory());
  const payment = starting.use(await startFakePayment());
  const targets = {
    IAM_GRPC_TARGET: iam.target,
    INVENTORY_GRPC_TARGET: inventory.target,
    PAYMENT_GRPC_TARGET: payment.target,
  };
  const system = starting.use(await startSystem({ services: ["order"], env: { ...targets, ...env } }));
  const sql = postgres(system.variable("ORDER_POSTGRES_URL"), { max: 1, onnotice: () => {} });
  starting.defer(() => sql.end({ timeout: 1 }));
  const owned = starting.move();
  return { system, iam, inventory, payment, sql, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The number of orders in the database. */
export async function countOrders({ sql }: OrderAlone): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int from orders`;
  return row?.count ?? 0;
}
