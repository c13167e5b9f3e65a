import { join } from "node:path";
import { findDocuments } from "./contracts.ts";
import { redocly } from "./redocly.ts";

/**
 * Lints the OpenAPI documents among the contracts of a folder.
 *
 * @throws {DenoRunError} When one breaks a rule of `redocly.yaml`; its `output` says where and which.
 */
export async function lintDocuments(contracts: string): Promise<void> {
  await redocly(["lint", ...(await findDocuments(contracts)).map((path) => join(contracts, path))]);
}
