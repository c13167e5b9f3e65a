import assert from "node:assert/strict";
import { createHealthProbe } from "@rocket/platform/grpc";
import { HAS_IPV6 } from "../support/service_ports.ts";
import { startSystem } from "../support/system.ts";

Deno.test("a service listens on its configured host, with the permissions derived from it", async (t) => {
  await using system = await startSystem({ services: [] });
  const port = system.variable("PAYMENT_GRPC_PORT");
  for (
    const [host, dialled] of [["localhost", "localhost"], ["::1", "[::1]"], ["0.0.0.0", "127.0.0.1"]] as const
  ) {
    await t.step({
      name: `on ${host}`,
      ignore: host === "::1" && !HAS_IPV6,
      async fn() {
        await system.start("payment", { PAYMENT_GRPC_HOST: host, PLAINTEXT: "allow" });
        await using probe = createHealthProbe("payment", `${dialled}:${port}`);
        await probe.probe();
        assert.equal((await system.stop("payment")).code, 0);
        const warnings = system.process("payment").output.filter((line) => line.includes("PLAINTEXT=allow"));
        assert.equal(warnings.length, host === "0.0.0.0" ? 1 : 0);
      },
    });
  }
});
