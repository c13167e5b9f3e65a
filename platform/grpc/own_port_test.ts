import assert from "node:assert/strict";
import { captureLog } from "../testing/captured_log.ts";
import { createOwnPortProbe } from "./own_port.ts";

/** A listener that sends what it is given to every connection, and what the probe did about it. */
function setUp() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = { isDeaf: false, reopened: 0 };
  const accepting = (async () => {
    for await (const connection of listener) {
      if (!server.isDeaf) await connection.write(new Uint8Array(9));
      if (!server.isDeaf) connection.close();
    }
  })();
  const captured = captureLog();
  const reopen = () => Promise.resolve(server.reopened++);
  const { port } = listener.addr;
  const probe = createOwnPortProbe({ host: "127.0.0.1", port, reopen, log: captured.log });
  const stop = async () => {
    listener.close();
    await accepting;
  };
  return { server, captured, probe, [Symbol.asyncDispose]: stop };
}

Deno.test("a port that greets new connections is fine", async () => {
  await using own = setUp();
  for (let n = 0; n < 3; n++) await own.probe();
  assert.equal(own.server.reopened, 0);
});

Deno.test("a port that no longer greets is reported each time, and reopened at the second", async () => {
  await using own = setUp();
  own.server.isDeaf = true;
  await assert.rejects(own.probe());
  own.server.isDeaf = false;
  await own.probe();
  own.server.isDeaf = true;
  await assert.rejects(own.probe());
  assert.equal(own.server.reopened, 0);
  await assert.rejects(own.probe());
  assert.equal(own.server.reopened, 1);
  assert.deepEqual(own.captured.lines.map(({ msg }) => msg), ["port accepts no connections; reopening it"]);
});
