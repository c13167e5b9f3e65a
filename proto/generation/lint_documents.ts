import { join } from "node:path";
import { findDocuments } from "./contracts.ts";
import { redocly } from "./redocly.ts";

/**
 * Lints the OpenAPI documents in a folder of contracts.
 *
 * @throws {DenoRunError} if one breaks a rule of `redocly.yaml`; its `output` says which and where.
 */
export async function lintDocuments(contracts: string): Promise<void> {
  await redocly(["lint", ...(await findDocuments(contracts)).map((path) => join(contracts, path))]);
}
