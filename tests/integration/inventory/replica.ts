import { createRawClient } from "@rocket/platform/testing/raw-client";
import { InventoryService } from "@rocket/proto/inventory";
import { freePort } from "@rocket/platform/free-port";
import type { TestProcess } from "../../support/process.ts";
import { createStock, type InventoryAlone, type Stock } from "./inventory_alone.ts";

/** Another inventory on the same database. */
export interface Replica extends AsyncDisposable {
  readonly stock: Stock;
  readonly process: TestProcess;
}

/** Starts a replica of inventory, and waits until it is ready. */
export async function startReplica({ system, service }: InventoryAlone): Promise<Replica> {
  await using starting = new AsyncDisposableStack();
  const port = freePort();
  const process = starting.use(system.launch("inventory", { INVENTORY_GRPC_PORT: String(port) }));
  await process.waitForLine(/"msg":"ready"/);
  const client = starting.use(createRawClient(InventoryService, `127.0.0.1:${port}`));
  const owned = starting.move();
  return {
    stock: createStock(client, service),
    process,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Stops inventory and its replica. @returns All lines that the two have logged. */
export async function stopBoth({ system }: InventoryAlone, { process }: Replica): Promise<readonly string[]> {
  await system.stop("inventory");
  process.kill("SIGTERM");
  await process.waitForExit();
  return [...system.process("inventory").output, ...process.output];
}
