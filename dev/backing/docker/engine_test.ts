import assert from "node:assert/strict";
import { WayUnavailable } from "../errors.ts";
import { findEngine, probeEngine } from "./engine.ts";

/** A stand-in for an engine, which answers every request so, or not at all. */
async function withEngine(answer: Response | undefined, test: (engine: URL) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const silence = Promise.withResolvers<Response>();
  const server = Deno.serve(
    { path: `${folder}/engine.sock`, onListen: () => {} },
    () => answer ?? silence.promise,
  );
  try {
    await test(new URL(`unix://${folder}/engine.sock`));
  } finally {
    silence.resolve(new Response());
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("an engine that answers a ping is usable", () =>
  withEngine(new Response("OK"), (engine) => probeEngine(engine)));

Deno.test("an engine that answers with an error is not usable", () =>
  withEngine(new Response("", { status: 503 }), async (engine) => {
    await assert.rejects(probeEngine(engine), WayUnavailable);
  }));

Deno.test("an engine that does not answer is given up", () =>
  withEngine(undefined, async (engine) => {
    await assert.rejects(probeEngine(engine), WayUnavailable);
  }));

Deno.test("a missing socket is reported as no engine", async () => {
  await assert.rejects(probeEngine(new URL("unix:///nowhere/docker.sock")), WayUnavailable);
});

Deno.test("DOCKER_HOST names the engine", async () => {
  assert.equal((await findEngine({ DOCKER_HOST: "tcp://engine:2375" }))?.href, "tcp://engine:2375");
});
