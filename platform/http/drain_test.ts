import assert from "node:assert/strict";
import { createDrain } from "./drain.ts";

/** A limit that is never reached, in milliseconds. */
const LONG_MS = 60_000;

const request = () => new Request("http://localhost/");
const answer = () => new Response("here");

Deno.test("draining ends once no request has come for a while", async () => {
  const { handler, drain } = createDrain(answer);
  await handler(request());
  const tookMs = await timed(() => drain(LONG_MS));
  assert.ok(tookMs >= 99 && tookMs < LONG_MS, `${tookMs} ms`);
});

Deno.test("draining continues while requests come, and all of them are answered", async () => {
  const { handler, drain } = createDrain(answer);
  let isOver = false;
  const draining = drain(LONG_MS).then(() => isOver = true);
  for (let sent = 0; sent < 10; sent++) {
    assert.equal(await (await handler(request())).text(), "here");
    assert.equal(isOver, false);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await draining;
});

Deno.test("draining does not wait longer than its limit for clients that do not stop", async () => {
  const { handler, drain } = createDrain(answer);
  const sending = setInterval(() => handler(request()), 10);
  const tookMs = await timed(() => drain(200));
  clearInterval(sending);
  assert.ok(tookMs >= 199, `${tookMs} ms`);
});

Deno.test("clients are asked to reconnect elsewhere once draining begins, not before", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const answers = [answer(), promise];
  const { handler, drain } = createDrain(() => answers.shift() ?? answer());

  assert.equal((await handler(request())).headers.get("Connection"), null);
  const underWay = handler(request());
  const draining = drain(1_000);
  resolve(answer());
  assert.equal((await underWay).headers.get("Connection"), "close");
  await draining;
});

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
