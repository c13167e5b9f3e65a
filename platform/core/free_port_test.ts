import assert from "node:assert/strict";
import { freePort } from "./free_port.ts";

Deno.test("a free port can be listened on and is none that an outgoing connection would take", () => {
  const port = freePort();
  assert(port < 32_768);
  Deno.listen({ hostname: "127.0.0.1", port }).close();
});
