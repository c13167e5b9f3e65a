import { freePort } from "@rocket/platform/free-port";
import { broken, crash, loaded, recovered, startClient, startServer, stop, stopClient } from "./peers.ts";
import { assertReport, BROKEN_CONNECTION, NO_CONNECTION, SILENCE } from "./report.ts";

for (const inFlight of [16, 64]) {
  Deno.test(`a client outlives a server that closes politely with ${inFlight} calls in flight, and those end well`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    for (let round = 0; round < 6; round++) {
      await loaded(client);
      await server.tell("recycle");
      await recovered(client);
    }
    assertReport(await stopClient(client), NO_CONNECTION);
    await stop(server);
  });

  Deno.test(`a client outlives a server that closes politely after ${inFlight} calls at once`, async () => {
    const port = freePort();
    await using server = await startServer(port);
    await using client = await startClient(port, inFlight);
    for (let round = 0; round < 6; round++) {
      await loaded(client);
      await client.tell("rest");
      await server.tell("recycle");
      await client.tell("resume");
      await recovered(client);
    }
    assertReport(await stopClient(client), NO_CONNECTION);
    await stop(server);
  });

  for (const [deed, end] of [["restarted", stop], ["killed and restarted", crash]] as const) {
    Deno.test(`a client outlives a server that is ${deed} with ${inFlight} calls in flight, and recovers in 2 s`, async () => {
      const port = freePort();
      await using client = await startClient(port, inFlight);
      for (let round = 0; round < 4; round++) {
        await using server = await startServer(port);
        await recovered(client);
        await loaded(client);
        await end(server);
      }
      assertReport(await stopClient(client), [...NO_CONNECTION, ...BROKEN_CONNECTION]);
    });
  }
}

Deno.test("a client finds out within 13 s that its server is frozen, whether it calls or rests, and recovers in 2 s", async () => {
  const port = freePort();
  await using server = await startServer(port);
  await using calling = await startClient(port, 16);
  await using resting = await startClient(port, 1);
  await loaded(calling);
  await loaded(resting);
  await resting.tell("rest");
  server.process.kill("SIGSTOP");
  await Promise.all([broken(calling), broken(resting)]);
  server.process.kill("SIGCONT");
  await resting.tell("resume");
  await Promise.all([recovered(calling), recovered(resting)]);
  for (const client of [calling, resting]) {
    assertReport(await stopClient(client), [...SILENCE, ...BROKEN_CONNECTION, ...NO_CONNECTION]);
  }
  await stop(server);
});
