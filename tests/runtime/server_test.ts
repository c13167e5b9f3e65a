import assert from "node:assert/strict";
import { freePort } from "@rocket/platform/free-port";
import {
  crash,
  startClient,
  startServer,
  stop,
  stopClient,
  waitForRecovery,
  waitForTraffic,
} from "./peers.ts";
import { assertReport, BROKEN_CONNECTION, CANCELLED, NO_CONNECTION, NO_RESPONSE } from "./report.ts";

for (const inFlight of [16, 64]) {
  Deno.test(`a server survives clients that disconnect gracefully with ${inFlight} calls in flight, and completes those calls`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    for (let round = 0; round < 20; round++) {
      await waitForRecovery(client);
      await client.run("reconnect");
    }
    await waitForRecovery(client);
    assertReport(await stopClient(client), []);
    await stop(server);
  });

  Deno.test(`a server survives clients that disconnect gracefully after ${inFlight} concurrent calls have ended`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    for (let round = 0; round < 10; round++) {
      await waitForTraffic(client);
      await client.run("pause");
      await client.run("reconnect");
      await client.run("resume");
      await waitForRecovery(client);
    }
    assertReport(await stopClient(client), []);
    await stop(server);
  });

  Deno.test(`a server survives clients that are killed and restarted with ${inFlight} calls in flight`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using bystander = await startClient(port, 1);
    for (let round = 0; round < 6; round++) {
      await using client = await startClient(port, inFlight);
      await waitForRecovery(client);
      await crash(client);
    }
    await waitForRecovery(bystander);
    assertReport(await stopClient(bystander), []);
    await stop(server);
  });

  Deno.test(`a server survives a client that cancels 3,000 calls, ${inFlight} at once`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    await client.run("cancel 3000");
    await waitForRecovery(client);
    // On a busy machine a call may exceed its deadline while it queues behind the cancelled ones.
    const allowed = [...CANCELLED, ...BROKEN_CONNECTION, ...NO_CONNECTION, ...NO_RESPONSE];
    assertReport(await stopClient(client), allowed);
    const { cancelled } = await stop(server) as { readonly cancelled: number };
    assert.ok(cancelled > RESETS_ALLOWED, `only ${cancelled} cancellations reached the server`);
  });
}

/** nghttp2 closes a connection whose client resets more streams than this in a burst. */
const RESETS_ALLOWED = 1_000;
