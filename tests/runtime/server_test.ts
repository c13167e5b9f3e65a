import assert from "node:assert/strict";
import { freePort } from "@rocket/platform/free-port";
import { crash, loaded, recovered, startClient, startServer, stop, stopClient } from "./peers.ts";
import { assertReport, BROKEN_CONNECTION, CANCELLED, NO_CONNECTION, SILENCE } from "./report.ts";

for (const inFlight of [16, 64]) {
  Deno.test(`a server outlives clients that close politely with ${inFlight} calls in flight, and ends those calls well`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    for (let round = 0; round < 20; round++) {
      await recovered(client);
      await client.tell("reconnect");
    }
    await recovered(client);
    assertReport(await stopClient(client), []);
    await stop(server);
  });

  Deno.test(`a server outlives clients that close politely after ${inFlight} calls at once`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    for (let round = 0; round < 10; round++) {
      await loaded(client);
      await client.tell("rest");
      await client.tell("reconnect");
      await client.tell("resume");
      await recovered(client);
    }
    assertReport(await stopClient(client), []);
    await stop(server);
  });

  Deno.test(`a server outlives clients that are killed and restarted with ${inFlight} calls in flight`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using bystander = await startClient(port, 1);
    for (let round = 0; round < 6; round++) {
      await using client = await startClient(port, inFlight);
      await recovered(client);
      await crash(client);
    }
    await recovered(bystander);
    assertReport(await stopClient(bystander), []);
    await stop(server);
  });

  Deno.test(`a server outlives a client that cancels 3,000 calls, ${inFlight} at once`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    await client.tell("cancel 3000");
    await recovered(client);
    // On a busy machine a call may wait out its deadline behind the cancelled ones.
    const allowed = [...CANCELLED, ...BROKEN_CONNECTION, ...NO_CONNECTION, ...SILENCE];
    assertReport(await stopClient(client), allowed);
    const { cancelled } = await stop(server) as { readonly cancelled: number };
    assert.ok(cancelled > RESETS_ALLOWED, `only ${cancelled} cancellations reached the server`);
  });
}

/** nghttp2 closes a connection whose client resets more streams than this in a burst. */
const RESETS_ALLOWED = 1_000;
