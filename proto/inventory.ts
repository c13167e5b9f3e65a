/**
 * `inventory.v1.InventoryService` and its messages.
 *
 * @module
 */
export {
  Category,
  categoryFromJSON,
  categoryToJSON,
  CommitPartsRequest,
  CommitPartsResponse,
  Dimensions,
  GetPartRequest,
  GetPartResponse,
  type InventoryServiceServer,
  InventoryServiceService as InventoryService,
  ListPartsRequest,
  ListPartsResponse,
  Manufacturer,
  Part,
  PartQuantity,
  PartsFilter,
  ReleasePartsRequest,
  ReleasePartsResponse,
  ReservePartsRequest,
  ReservePartsResponse,
  Value,
} from "./gen/inventory/v1/inventory.ts";
