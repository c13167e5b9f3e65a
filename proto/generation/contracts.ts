import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The folder of the contracts, and of `buf.yaml` and `redocly.yaml`, which have the rules for them. */
export const CONTRACTS = fileURLToPath(new URL("..", import.meta.url));

/** Finds the OpenAPI documents in a folder of contracts. Returns paths relative to it, such as `order/v1/…`. */
export async function findDocuments(contracts: string): Promise<readonly string[]> {
  const paths = await readdir(contracts, { recursive: true });
  return paths.filter((path) => /^[^/]+\/v\d+\/[^/]+\.openapi\.yaml$/.test(path)).sort();
}
