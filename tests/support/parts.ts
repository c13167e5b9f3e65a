import type { Part } from "@rocket/proto/inventory";
import { call } from "./grpc_call.ts";
import type { System } from "./system.ts";

/** The seeded parts of which there are plenty, the cheapest first. */
export async function plentifulParts(system: System, sessionUuid: string): Promise<readonly Part[]> {
  const { inventory } = system;
  const list = inventory.listParts.bind(inventory);
  const { parts } = await call(list, { filter: undefined }, { "session-uuid": sessionUuid });
  const plentiful = parts.filter(({ stockQuantity }) => stockQuantity >= 10);
  if (plentiful.length < 2) throw new Error("the seed has too few plentiful parts");
  return plentiful.toSorted((a, b) => a.price - b.price);
}
