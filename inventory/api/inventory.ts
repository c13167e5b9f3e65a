import type { InventoryService } from "@rocket/proto/inventory";
import { InvalidArgument, parseUuid, UUID_RULE } from "@rocket/platform/core";
import type { UnaryHandlers } from "@rocket/platform/grpc";
import type { CommitParts } from "../service/commit_parts.ts";
import type { GetPart } from "../service/get_part.ts";
import type { ListParts } from "../service/list_parts.ts";
import type { ReleaseParts } from "../service/release_parts.ts";
import type { ReserveParts } from "../service/reserve_parts.ts";
import { toPartMessage } from "./part_message.ts";
import { parsePartsFilter } from "./parts_filter.ts";
import { parseReservePartsRequest } from "./reserve_parts_request.ts";

/** The use cases behind the methods. */
export interface InventoryUseCases {
  readonly getPart: GetPart;
  readonly listParts: ListParts;
  readonly reserveParts: ReserveParts;
  readonly commitParts: CommitParts;
  readonly releaseParts: ReleaseParts;
}

/** Creates the handlers of `inventory.v1.InventoryService`. */
export function createInventoryApi(useCases: InventoryUseCases): UnaryHandlers<InventoryService> {
  return {
    getPart: async ({ uuid }) => {
      return { part: toPartMessage(await useCases.getPart(parseUuidField("uuid", uuid))) };
    },
    listParts: async ({ filter }) => {
      const parts = await useCases.listParts(parsePartsFilter(filter));
      return { parts: parts.map(toPartMessage) };
    },
    reserveParts: async (request) => {
      return { expiresAt: await useCases.reserveParts(parseReservePartsRequest(request)) };
    },
    commitParts: async ({ orderUuid }) => {
      await useCases.commitParts(parseUuidField("order_uuid", orderUuid));
      return {};
    },
    releaseParts: async ({ orderUuid }) => {
      await useCases.releaseParts(parseUuidField("order_uuid", orderUuid));
      return {};
    },
  };
}

function parseUuidField(field: string, text: string): string {
  const parsed = parseUuid(text);
  if (parsed === undefined) throw new InvalidArgument([{ field, message: UUID_RULE }]);
  return parsed;
}
