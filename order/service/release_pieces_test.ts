import { Unavailable } from "@rocket/platform/core";
import assert from "node:assert/strict";
import { silentLog } from "../testing/an_order.ts";
import { createReleasePieces } from "./release_pieces.ts";

Deno.test("a failure to release pieces is ignored, because their reservation expires", async () => {
  const calls: string[] = [];
  const releaseParts = (orderUuid: string) => {
    calls.push(orderUuid);
    return Promise.reject(new Unavailable("inventory"));
  };
  await createReleasePieces({ releaseParts }, silentLog)("an order");
  assert.deepEqual(calls, ["an order"]);
});
