import { Server, status as Code } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { type ClientHttp2Session, connect, constants } from "node:http2";
import { ECHO_PATH } from "../testing/echo_service.ts";
import { EMPTY_MESSAGE } from "../testing/http2_call.ts";
import { limitWork } from "./connection_work.ts";
import { listenGrpc } from "./server.ts";

const LIMITS = { calls: 10, controlFrames: 5 };

/** A server that knows no method, and a way to connect to it. */
async function serve() {
  const server = new Server();
  const clock = { ms: 0 };
  limitWork(server, LIMITS, () => clock.ms);
  const port = await listenGrpc(server, "127.0.0.1", 0);
  const owned = new AsyncDisposableStack();
  owned.defer(() => server.forceShutdown());
  return {
    clock,
    dial() {
      const session = connect(`http://127.0.0.1:${port}`);
      session.on("error", () => {});
      owned.defer(() => session.destroy());
      return session;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Makes a call, and returns the status of its answer, or the code that it was reset with. */
function call(session: ClientHttp2Session): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const stream = session.request({
    ":method": "POST",
    ":path": ECHO_PATH,
    "content-type": "application/grpc",
  });
  stream.on("error", () => {});
  stream.on("response", (headers) => resolve(`status ${headers["grpc-status"]}`));
  stream.on("close", () => resolve(`reset ${stream.rstCode}`));
  stream.resume();
  stream.end(EMPTY_MESSAGE);
  return promise;
}

const ANSWERED = `status ${Code.UNIMPLEMENTED}`;
const REFUSED = `reset ${constants.NGHTTP2_ENHANCE_YOUR_CALM}`;

Deno.test("calls past the limit of a second are reset, and later ones on the same connection are answered", async () => {
  await using server = await serve();
  const [busy, other] = [server.dial(), server.dial()];
  assert.equal(await call(other), ANSWERED);
  const answers = await Promise.all(Array.from({ length: LIMITS.calls + 5 }, () => call(busy)));
  assert.deepEqual(answers, [...Array(LIMITS.calls).fill(ANSWERED), ...Array(5).fill(REFUSED)]);
  assert.equal(await call(other), ANSWERED);
  server.clock.ms = 1_000;
  assert.equal(await call(busy), ANSWERED);
});

Deno.test("a connection that asks for more than twice its share of calls is closed", async () => {
  await using server = await serve();
  const [greedy, other] = [server.dial(), server.dial()];
  const closed = new Promise((resolve) => greedy.once("close", resolve));
  for (let n = 0; n <= 2 * LIMITS.calls; n++) call(greedy);
  await closed;
  assert.equal(await call(other), ANSWERED);
});

Deno.test("a connection that floods the server with pings is closed", async () => {
  await using server = await serve();
  const [flooding, other] = [server.dial(), server.dial()];
  assert.equal(await call(flooding), ANSWERED);
  const closed = new Promise((resolve) => flooding.once("close", resolve));
  for (let n = 0; n < 9; n++) flooding.ping(() => {});
  await closed;
  assert.equal(await call(other), ANSWERED);
});
