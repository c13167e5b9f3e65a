import { answerOf } from "@rocket/platform/testing/raw-client";
import type { Part } from "@rocket/proto/inventory";
import type { System } from "./system.ts";

/** The seeded parts with plenty of stock, cheapest first. */
export async function plentifulParts(system: System, sessionUuid: string): Promise<readonly Part[]> {
  const { inventory } = system;
  const list = inventory.listParts({ filter: undefined }, { "session-uuid": sessionUuid });
  const { parts } = await answerOf(list);
  const plentiful = parts.filter(({ stockQuantity }) => stockQuantity >= 10);
  if (plentiful.length < 2) throw new Error("the seed has too few plentiful parts");
  return plentiful.toSorted((a, b) => a.price - b.price);
}
