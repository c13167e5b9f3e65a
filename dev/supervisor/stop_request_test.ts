import assert from "node:assert/strict";
import { becomes } from "../backing/ready.ts";
import { StopRequest } from "./stop_request.ts";

Deno.test("only the first request counts", async () => {
  using stop = new StopRequest();
  assert.equal(stop.soon.aborted, false);
  stop.request("the first");
  stop.request("the second");
  await stop.requested;
  assert.equal(stop.why, "the first");
});

Deno.test("a signal that is repeated at once, as deno task does, is not a second request", async () => {
  using stop = new StopRequest();
  await receive("SIGHUP");
  await receive("SIGHUP");
  assert.equal(stop.why, "SIGHUP");
  assert.equal(stop.now.aborted, false);
});

Deno.test("a signal that comes again later asks everything to end at once", async () => {
  using stop = new StopRequest();
  const isHurried = async () => {
    await receive("SIGTERM");
    return stop.now.aborted;
  };
  assert.ok(await becomes(isHurried, { withinMs: 5_000, everyMs: 50 }));
});

/** Sends this process a signal and waits until it has come: one still on its way could end the process later. */
async function receive(signal: Deno.Signal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // A listener does not keep the process alive.
  const alive = setInterval(() => {}, 1_000);
  Deno.addSignalListener(signal, resolve);
  Deno.kill(Deno.pid, signal);
  await promise;
  Deno.removeSignalListener(signal, resolve);
  clearInterval(alive);
}
