import assert from "node:assert/strict";
import { ServerFailed } from "./errors.ts";
import { assertOnlyLoopback } from "./ready.ts";

const others = Deno.networkInterfaces().filter(({ address }) => !/^(127\.|::1$|fe80:)/.test(address));

Deno.test("a port that is open on the loopback interface only passes", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1" });
  await assertOnlyLoopback("Redis", listener.addr.port);
});

Deno.test({
  name: "a port that is open on every interface is refused, and the address is named",
  ignore: others.length === 0,
  async fn() {
    using listener = Deno.listen({ hostname: "0.0.0.0" });
    await assert.rejects(assertOnlyLoopback("Redis", listener.addr.port), (error) => {
      assert.ok(error instanceof ServerFailed);
      assert.match(error.message, /^Redis can be reached from other machines, at \S+ port \d+: stopped$/);
      return true;
    });
  },
});
