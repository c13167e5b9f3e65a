import { Unavailable } from "@rocket/platform/core";
import assert from "node:assert/strict";
import { silentLog } from "../testing/an_order.ts";
import { createReleasePieces } from "./release_pieces.ts";

Deno.test("failing to release pieces is not an error: their reservation expires", async () => {
  const asked: string[] = [];
  const releaseParts = (orderUuid: string) => {
    asked.push(orderUuid);
    return Promise.reject(new Unavailable("inventory"));
  };
  await createReleasePieces({ releaseParts }, silentLog)("an order");
  assert.deepEqual(asked, ["an order"]);
});
