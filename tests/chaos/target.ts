import { setStock } from "../support/consistency.ts";
import { type Person, registerAndLogIn } from "../support/person.ts";
import type { System } from "../support/system.ts";

/** Where an attacker strikes, and what it has: an account with a session, as anybody can get one. */
export interface Target {
  readonly iamPort: number;
  readonly inventoryPort: number;
  readonly orderPort: number;
  readonly attacker: Person;
  /** A part with many pieces. */
  readonly partUuid: string;
}

/** Fills the shelves and registers the attacker. */
export async function prepareTarget(system: System): Promise<Target> {
  await system.seedParts();
  return {
    iamPort: Number(system.variable("IAM_GRPC_PORT")),
    inventoryPort: Number(system.variable("INVENTORY_GRPC_PORT")),
    orderPort: Number(system.variable("ORDER_HTTP_PORT")),
    attacker: await registerAndLogIn(system),
    partUuid: await setStock(system, 1_000_000),
  };
}
