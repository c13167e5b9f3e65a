import assert from "node:assert/strict";
import { PartNotFound } from "../model/failures.ts";
import type { PartRepository } from "../repository/parts.ts";
import { createGetPart } from "./get_part.ts";

Deno.test("a part that does not exist is not found, and is named", async () => {
  const parts: PartRepository = {
    find: () => Promise.resolve(undefined),
    list: () => Promise.reject(new Error("not used by GetPart")),
    addMissing: () => Promise.reject(new Error("not used by GetPart")),
  };
  const uuid = crypto.randomUUID();
  await assert.rejects(createGetPart(parts)(uuid), new PartNotFound(uuid));
});
