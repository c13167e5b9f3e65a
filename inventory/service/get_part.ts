import { PartNotFound } from "../model/failures.ts";
import type { Part } from "../model/part.ts";
import type { PartRepository } from "../repository/parts.ts";

/** @throws {PartNotFound} if no part has the UUID. */
export type GetPart = (uuid: string) => Promise<Part>;

/** Creates the get-part use case. */
export function createGetPart(parts: PartRepository): GetPart {
  return async (uuid) => {
    const part = await parts.find(uuid);
    if (part === undefined) throw new PartNotFound(uuid);
    return part;
  };
}
