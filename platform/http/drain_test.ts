import assert from "node:assert/strict";
import { createDrain } from "./drain.ts";

/** A limit that is never reached, in milliseconds. */
const LONG_MS = 60_000;

const request = () => new Request("http://localhost/");
const answer = () => new Response("here");
const CONNECTION = { remoteAddress: "127.0.0.1" };

Deno.test("draining ends once no request has arrived for a while", async () => {
  const { handler, drain } = createDrain(answer);
  await handler(request(), CONNECTION);
  const tookMs = await timed(() => drain(LONG_MS));
  assert.ok(tookMs >= 99 && tookMs < LONG_MS, `${tookMs} ms`);
});

Deno.test("draining continues while requests arrive, and all of them are answered", async () => {
  const { handler, drain } = createDrain(answer);
  let isDrained = false;
  const draining = drain(LONG_MS).then(() => isDrained = true);
  for (let sent = 0; sent < 10; sent++) {
    assert.equal(await (await handler(request(), CONNECTION)).text(), "here");
    assert.equal(isDrained, false);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await draining;
});

Deno.test("draining ends at its limit even if clients keep sending", async () => {
  const { handler, drain } = createDrain(answer);
  const sending = setInterval(() => handler(request(), CONNECTION), 10);
  const tookMs = await timed(() => drain(200));
  clearInterval(sending);
  assert.ok(tookMs >= 199, `${tookMs} ms`);
});

Deno.test("answers close their connections once draining starts, not before", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const answers = [answer(), promise];
  const { handler, drain } = createDrain(() => answers.shift() ?? answer());

  assert.equal((await handler(request(), CONNECTION)).headers.get("Connection"), null);
  const inFlight = handler(request(), CONNECTION);
  const draining = drain(1_000);
  resolve(answer());
  assert.equal((await inFlight).headers.get("Connection"), "close");
  await draining;
});

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
