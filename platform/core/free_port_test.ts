import assert from "node:assert/strict";
import { freePort } from "./free_port.ts";

Deno.test("a free port can be listened on, and is outside the range of outgoing connections", () => {
  const port = freePort();
  assert.ok(port < 32_768);
  Deno.listen({ hostname: "127.0.0.1", port }).close();
});

Deno.test("a port that is in use is not returned", () => {
  const ports = new Set<number>();
  using _taken = Deno.listen({ hostname: "127.0.0.1", port: freePort() + 1 });
  for (let pick = 0; pick < 59; pick++) ports.add(freePort());
  assert.ok(!ports.has(_taken.addr.port));
});

Deno.test("another program gets different ports, even if nothing listens on any of them", async () => {
  const program = `import { freePort } from "${new URL("./free_port.ts", import.meta.url)}";
    console.log([...Array(60)].map(freePort).join(","));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", program],
  }).output();
  const theirs = new TextDecoder().decode(stdout).trim().split(",").map(Number);
  assert.equal(new Set(theirs).size, 60);
  const ours = Array.from({ length: 60 }, freePort);
  assert.deepEqual(ours.filter((port) => theirs.includes(port)), []);
});
