import { DOORS } from "@rocket/dev";
import { setStock } from "../support/consistency.ts";
import { type Person, registerAndLogIn } from "../support/person.ts";
import type { System } from "../support/system.ts";

/** Where an attacker strikes, and what it has: an account with a session, as anybody can get one. */
export interface Target {
  readonly iamPort: number;
  readonly inventoryPort: number;
  readonly orderPort: number;
  readonly iamHttpPort: number;
  /** Every HTTP port, also these. */
  readonly httpPorts: readonly number[];
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
    iamHttpPort: Number(system.variable("IAM_HTTP_PORT")),
    httpPorts: DOORS.filter(({ protocol }) => protocol === "http").map(({ portVariable }) =>
      Number(system.variable(portVariable))
    ),
    attacker: await registerAndLogIn(system),
    partUuid: await setStock(system, 1_000_000),
  };
}
