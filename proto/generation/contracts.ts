import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The folder of the contracts, and of `buf.yaml` and `redocly.yaml`, by which they are judged. */
export const CONTRACTS = fileURLToPath(new URL("..", import.meta.url));

/** Finds the OpenAPI documents among the contracts of a folder: paths from there, such as `<package>/v1/…`. */
export async function findDocuments(contracts: string): Promise<readonly string[]> {
  const paths = await readdir(contracts, { recursive: true });
  return paths.filter((path) => /^[^/]+\/v\d+\/[^/]+\.openapi\.yaml$/.test(path)).sort();
}
