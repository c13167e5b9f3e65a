import type { Part } from "../model/part.ts";
import type { PartsFilter } from "../model/parts_filter.ts";
import type { PartRepository } from "../repository/parts.ts";

/** Lists the parts that match, sorted by name. */
export type ListParts = (filter: PartsFilter) => Promise<readonly Part[]>;

/** Creates the list-parts use case. */
export function createListParts(parts: PartRepository): ListParts {
  return (filter) => parts.list(filter);
}
