import type { Changes, GrpcStage } from "../../support/grpc_stage.ts";
import type { Scenarios } from "./scenario.ts";

/** Drives the reads of `inventory.v1.InventoryService` into every documented status. */
export function inventoryScenarios({ ask }: GrpcStage): Scenarios {
  const getPart = (changes?: Changes) => ask("inventory.v1.InventoryService/GetPart", changes);
  const listParts = (changes?: Changes) => ask("inventory.v1.InventoryService/ListParts", changes);
  return {
    "inventory.v1.InventoryService/GetPart": {
      "OK": { ask: () => getPart() },
      "INVALID_ARGUMENT": { ask: () => getPart({ message: { uuid: "not-a-uuid" } }) },
      "UNAUTHENTICATED SESSION_INVALID": { ask: () => getPart({ metadata: {} }) },
      "NOT_FOUND PART_NOT_FOUND": { ask: () => getPart({ message: { uuid: crypto.randomUUID() } }) },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Postgres is down", ask: () => getPart() },
      "DEADLINE_EXCEEDED": { given: "Postgres is silent", ask: () => getPart() },
      "INTERNAL": { given: "the tables are gone", ask: () => getPart() },
    },
    "inventory.v1.InventoryService/ListParts": {
      "OK": { ask: () => listParts({ message: { filter: {} } }) },
      "INVALID_ARGUMENT": { ask: () => listParts({ message: { filter: INVALID_FILTER } }) },
      "UNAUTHENTICATED SESSION_INVALID": {
        ask: () => listParts({ metadata: { "session-uuid": "not-a-uuid" } }),
      },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Redis is down", ask: () => listParts() },
      "DEADLINE_EXCEEDED": { given: "Redis is silent", ask: () => listParts() },
      "INTERNAL": { given: "the tables are gone", ask: () => listParts() },
    },
  };
}

const INVALID_FILTER = { uuids: ["not-a-uuid"], categories: ["CATEGORY_UNSPECIFIED"] };
