import type { InventoryService } from "@rocket/proto/inventory";
import { type Part, PartsFilter } from "@rocket/proto/inventory";
import postgres, { type Sql } from "postgres";
import { answerOf, type RawClient } from "@rocket/platform/testing/raw-client";
import { type FakeIam, startFakeIam } from "@rocket/platform/testing/fake-iam";
import { startSystem, type System } from "../../support/system.ts";

/** gRPC metadata by key. */
type MetadataRecord = Readonly<Record<string, string>>;

/** Quantities by part UUID. */
export type Pieces = Readonly<Record<string, number>>;

/** Inventory on a real Postgres, with a fake IAM. */
export interface InventoryAlone extends AsyncDisposable {
  readonly system: System;
  readonly iam: FakeIam;
  /** A session that the fake IAM knows, as metadata; calls send it by default. */
  readonly session: MetadataRecord;
  /** The service token, as metadata. */
  readonly service: MetadataRecord;
  /** Inventory's own database. */
  readonly sql: Sql;
  getPart(uuid: string, metadata?: MetadataRecord): Promise<Part | undefined>;
  listParts(filter?: Partial<PartsFilter>, metadata?: MetadataRecord): Promise<readonly Part[]>;
  /** Calls the methods that only services may call. */
  readonly stock: Stock;
}

/** The methods that change stock. */
export interface Stock {
  /** @param ttlSeconds An hour by default. */
  reserve(orderUuid: string, pieces: Pieces, ttlSeconds?: number): Promise<Date | undefined>;
  commit(orderUuid: string): Promise<void>;
  release(orderUuid: string): Promise<void>;
}

/** Starts inventory alone. */
export async function startInventoryAlone(
  variables: Readonly<Record<string, string>> = {},
): Promise<InventoryAlone> {
  await using starting = new AsyncDisposableStack();
  const iam = starting.use(await startFakeIam());
  const session = { "session-uuid": iam.openSession().sessionUuid };
  const env = { IAM_GRPC_TARGET: iam.target, ...variables };
  const system = starting.use(await startSystem({ services: ["inventory"], env }));
  const sql = postgres(system.variable("INVENTORY_POSTGRES_URL"), { max: 1, onnotice: () => {} });
  starting.defer(() => sql.end({ timeout: 1 }));
  const owned = starting.move();
  const { inventory } = system;
  const service = { "service-token": system.variable("SERVICE_TOKEN") };
  return {
    system,
    iam,
    session,
    service,
    sql,
    async getPart(uuid, metadata = session) {
      return (await answerOf(inventory.getPart({ uuid }, metadata))).part;
    },
    async listParts(filter = {}, metadata = session) {
      const request = { filter: PartsFilter.fromPartial(filter) };
      return (await answerOf(inventory.listParts(request, metadata))).parts;
    },
    stock: createStock(inventory, service),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Creates a client of the methods that only services may call. */
export function createStock(inventory: RawClient<InventoryService>, service: MetadataRecord): Stock {
  return {
    async reserve(orderUuid, pieces, ttlSeconds = 3_600) {
      const items = Object.entries(pieces).map(([partUuid, quantity]) => ({ partUuid, quantity }));
      const request = { orderUuid, items, ttl: { seconds: ttlSeconds, nanos: 0 } };
      return (await answerOf(inventory.reserveParts(request, service))).expiresAt;
    },
    async commit(orderUuid) {
      await answerOf(inventory.commitParts({ orderUuid }, service));
    },
    async release(orderUuid) {
      await answerOf(inventory.releaseParts({ orderUuid }, service));
    },
  };
}
