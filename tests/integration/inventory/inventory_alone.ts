import { type Part, PartsFilter } from "@rocket/proto";
import postgres, { type Sql } from "postgres";
import { type FakeIam, startFakeIam } from "../../support/fake_iam.ts";
import { call } from "../../support/grpc_call.ts";
import { startSystem, type System } from "../../support/system.ts";

/** gRPC metadata by key. */
type Sent = Readonly<Record<string, string>>;

/** Inventory on a real Postgres, before a stand-in for IAM. */
export interface InventoryAlone extends AsyncDisposable {
  readonly system: System;
  readonly iam: FakeIam;
  /** A session that the stand-in knows, as metadata; calls send it unless told otherwise. */
  readonly session: Sent;
  /** Inventory's own database. */
  readonly sql: Sql;
  getPart(uuid: string, metadata?: Sent): Promise<Part | undefined>;
  listParts(filter?: Partial<PartsFilter>, metadata?: Sent): Promise<readonly Part[]>;
}

/** Starts inventory alone. */
export async function startInventoryAlone(): Promise<InventoryAlone> {
  await using starting = new AsyncDisposableStack();
  const iam = starting.use(await startFakeIam());
  const session = { "session-uuid": iam.openSession().sessionUuid };
  const env = { IAM_GRPC_TARGET: iam.target };
  const system = starting.use(await startSystem({ services: ["inventory"], env }));
  const sql = postgres(system.variable("INVENTORY_POSTGRES_URL"), { max: 1, onnotice: () => {} });
  starting.defer(() => sql.end({ timeout: 1 }));
  const owned = starting.move();
  const { inventory } = system;
  return {
    system,
    iam,
    session,
    sql,
    async getPart(uuid, metadata = session) {
      return (await call(inventory.getPart.bind(inventory), { uuid }, metadata)).part;
    },
    async listParts(filter = {}, metadata = session) {
      const request = { filter: PartsFilter.fromPartial(filter) };
      return (await call(inventory.listParts.bind(inventory), request, metadata)).parts;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
