import { freePort } from "@rocket/platform/free-port";
import {
  crash,
  startClient,
  startServer,
  stop,
  stopClient,
  waitForRecovery,
  waitForTraffic,
  waitUntilBroken,
} from "./peers.ts";
import { assertReport, BROKEN_CONNECTION, NO_CONNECTION, NO_RESPONSE } from "./report.ts";

for (const inFlight of [16, 64]) {
  Deno.test(`a client survives a graceful server restart with ${inFlight} calls in flight, and those calls succeed`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    for (let round = 0; round < 6; round++) {
      await waitForTraffic(client);
      await server.run("restart");
      await waitForRecovery(client);
    }
    assertReport(await stopClient(client), NO_CONNECTION);
    await stop(server);
  });

  Deno.test(`a client survives a graceful server restart after ${inFlight} concurrent calls have ended`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    for (let round = 0; round < 6; round++) {
      await waitForTraffic(client);
      await client.run("pause");
      await server.run("restart");
      await client.run("resume");
      await waitForRecovery(client);
    }
    assertReport(await stopClient(client), NO_CONNECTION);
    await stop(server);
  });

  for (const [event, end] of [["restarted", stop], ["killed and restarted", crash]] as const) {
    Deno.test(`a client survives a server that is ${event} with ${inFlight} calls in flight, and recovers`, async () => {
      const port = freePort();
      await using client = await startClient(port, inFlight);
      for (let round = 0; round < 4; round++) {
        await using server = await startServer(port);
        await waitForRecovery(client);
        await waitForTraffic(client);
        await end(server);
      }
      assertReport(await stopClient(client), [...NO_CONNECTION, ...BROKEN_CONNECTION]);
    });
  }
}

Deno.test("a client notices that its server is frozen, with or without calls in flight, and recovers", async () => {
  const port = freePort();
  await using server = await startServer(port);
  await using calling = await startClient(port, 16);
  await using idle = await startClient(port, 1);
  await waitForTraffic(calling);
  await waitForTraffic(idle);
  await idle.run("pause");
  server.process.kill("SIGSTOP");
  await Promise.all([waitUntilBroken(calling), waitUntilBroken(idle)]);
  server.process.kill("SIGCONT");
  await idle.run("resume");
  await Promise.all([waitForRecovery(calling), waitForRecovery(idle)]);
  for (const client of [calling, idle]) {
    assertReport(await stopClient(client), [...NO_RESPONSE, ...BROKEN_CONNECTION, ...NO_CONNECTION]);
  }
  await stop(server);
});
