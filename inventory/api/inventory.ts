import type { InventoryServiceServer } from "@rocket/proto";
import { InvalidArgument, parseUuid, type UnaryHandlers, UUID_RULE } from "@rocket/platform";
import type { GetPart } from "../service/get_part.ts";
import type { ListParts } from "../service/list_parts.ts";
import { toPartMessage } from "./part_message.ts";
import { parsePartsFilter } from "./parts_filter.ts";

/** `inventory.v1.InventoryService` over its rules. */
export function createInventoryApi(
  getPart: GetPart,
  listParts: ListParts,
): UnaryHandlers<InventoryServiceServer> {
  return {
    getPart: async ({ uuid }) => {
      const parsed = parseUuid(uuid);
      if (parsed === undefined) throw new InvalidArgument([{ field: "uuid", message: UUID_RULE }]);
      return { part: toPartMessage(await getPart(parsed)) };
    },
    listParts: async ({ filter }) => {
      const parts = await listParts(parsePartsFilter(filter));
      return { parts: parts.map(toPartMessage) };
    },
  };
}
