/**
 * The HTTP order API: its schemas, document and paths.
 *
 * @module
 */
export * as orderApi from "./gen/order/v1/order_api.ts";
export { document as orderDocument } from "./gen/order/v1/order_document.ts";
export type { paths as OrderPaths } from "./gen/order/v1/order_paths.ts";
