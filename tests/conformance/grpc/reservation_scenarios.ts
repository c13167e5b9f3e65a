import { type Changes, type GrpcStage, MAX_PIECES } from "../../support/grpc_stage.ts";
import type { Scenario, Scenarios } from "./scenario.ts";

/** Drives the services-only methods of `inventory.v1.InventoryService` into every documented status. */
export function reservationScenarios({ ask, part, scarcePart, person, soldOrderUuid }: GrpcStage): Scenarios {
  const reserve = (changes?: Changes) => ask("inventory.v1.InventoryService/ReserveParts", changes);
  const commit = (changes?: Changes) => ask("inventory.v1.InventoryService/CommitParts", changes);
  const release = (changes?: Changes) => ask("inventory.v1.InventoryService/ReleaseParts", changes);
  /** Scenarios that all three methods share. */
  const shared = (
    call: (changes?: Changes) => ReturnType<Scenario["ask"]>,
  ): Readonly<Record<string, Scenario>> => ({
    "OK": { ask: () => call() },
    "INVALID_ARGUMENT": { ask: () => call({ message: { order_uuid: "not-a-uuid" } }) },
    "UNAUTHENTICATED SERVICE_TOKEN_INVALID": {
      ask: () => call({ metadata: { "service-token": "wrong token", "session-uuid": person.sessionUuid } }),
    },
    "UNAUTHENTICATED SESSION_INVALID": { ask: () => call({ metadata: {} }) },
    "PERMISSION_DENIED SERVICES_ONLY": {
      ask: () => call({ metadata: { "session-uuid": person.sessionUuid } }),
    },
    "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Postgres is down", ask: () => call() },
    "DEADLINE_EXCEEDED": { given: "Postgres is silent", ask: () => call() },
    "INTERNAL": { given: "the tables are gone", ask: () => call() },
  });
  return {
    "inventory.v1.InventoryService/ReserveParts": {
      ...shared(reserve),
      "NOT_FOUND PART_NOT_FOUND": {
        ask: () => reserve({ message: { items: [piece(crypto.randomUUID())] } }),
      },
      "FAILED_PRECONDITION STOCK_TOO_LITTLE": {
        ask: () => reserve({ message: { items: [piece(scarcePart.uuid, MAX_PIECES)] } }),
      },
      "FAILED_PRECONDITION RESERVATION_DIFFERS": {
        ask: () => reserve({ message: { order_uuid: soldOrderUuid, items: [piece(part.uuid, 2)] } }),
      },
    },
    "inventory.v1.InventoryService/CommitParts": {
      ...shared(commit),
      "NOT_FOUND RESERVATION_NOT_FOUND": {
        ask: () => commit({ message: { order_uuid: crypto.randomUUID() } }),
      },
    },
    "inventory.v1.InventoryService/ReleaseParts": {
      ...shared(release),
      "FAILED_PRECONDITION RESERVATION_COMMITTED": {
        ask: () => release({ message: { order_uuid: soldOrderUuid } }),
      },
    },
  };
}

function piece(part_uuid: string, quantity = 1) {
  return { part_uuid, quantity };
}
