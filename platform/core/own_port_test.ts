import assert from "node:assert/strict";
import { createOwnPortProbe } from "./own_port.ts";

/** Starts a listener that greets every connection unless it is silent, and counts how often it is reopened. */
function setUp() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = { isSilent: false, reopened: 0 };
  const accepting = (async () => {
    for await (const connection of listener) {
      if (!server.isSilent) await connection.write(new Uint8Array(9));
      if (!server.isSilent) connection.close();
    }
  })();
  const reopen = () => Promise.resolve(server.reopened++);
  const { port } = listener.addr;
  const probe = createOwnPortProbe({ host: "127.0.0.1", port, reopen, limitMs: 500 });
  const stop = async () => {
    listener.close();
    await accepting;
  };
  return { server, probe, [Symbol.asyncDispose]: stop };
}

Deno.test("a port that greets new connections passes", async () => {
  await using own = setUp();
  for (let n = 0; n < 3; n++) await own.probe();
  assert.equal(own.server.reopened, 0);
});

Deno.test("a port that does not greet twice in a row fails, and is reopened; once is tolerated", async () => {
  await using own = setUp();
  own.server.isSilent = true;
  await own.probe();
  own.server.isSilent = false;
  await own.probe();
  own.server.isSilent = true;
  await own.probe();
  assert.equal(own.server.reopened, 0);
  await assert.rejects(own.probe());
  assert.equal(own.server.reopened, 1);
});
