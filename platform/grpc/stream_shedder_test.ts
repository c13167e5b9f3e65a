import { Metadata, type ServerInterceptor, status as Code } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { connect } from "node:http2";
import { createLoadShedder } from "../core/load_shedder.ts";
import { ECHO_PATH, type Say, serveEcho } from "../testing/echo_service.ts";
import { eventually } from "../testing/eventually.ts";
import { callOverHttp2 } from "../testing/http2_call.ts";
import { addHealth } from "./health.ts";
import { readErrorDetails } from "./status_details.ts";

/** A server with one place, and a second one for a call that waits if `waiting` is 1. */
function serve(say: Say, waiting: 0 | 1, interceptors: readonly ServerInterceptor[] = []) {
  const limit = { inFlight: 1, waiting };
  const shedder = createLoadShedder({ "session check": limit, read: limit, write: limit, hash: limit });
  return serveEcho(say, { shedder, interceptors });
}

/** A handler that does not answer until the test lets it. */
function held() {
  const { promise: answer, resolve: release } = Promise.withResolvers<void>();
  const handled: string[] = [];
  const say: Say = async (text) => {
    handled.push(text);
    await answer;
    return text;
  };
  return { say, handled, release };
}

const login = (text: string) => ({ login: text, password: "" });

Deno.test("a call too many is answered UNAVAILABLE with a reason and a delay, before it is read", async () => {
  const { say, handled, release } = held();
  let intercepted = 0;
  const counting: ServerInterceptor = (_method, call) => {
    intercepted++;
    // Interceptors may return the call itself.
    return call as never;
  };
  await using peer = await serve(say, 0, [counting]);
  const first = peer.client.login(login("first"));
  await eventually(() => assert.deepEqual(handled, ["first"]));
  const answer = await callOverHttp2(peer.target, { "x-request-id": "mine" });
  assert.equal(answer["grpc-status"], String(Code.UNAVAILABLE));
  assert.equal(answer["x-request-id"], "mine");
  const { info, retryAfterSeconds } = readErrorDetails(Metadata.fromHttp2Headers(answer));
  assert.deepEqual([info?.reason, retryAfterSeconds], ["OVERLOADED", 1]);
  assert.equal(intercepted, 1);
  release();
  await first;
  assert.equal((await callOverHttp2(peer.target, {}))["grpc-status"], "0", "there is a place again");
});

Deno.test("a call that waits is answered once there is a place", async () => {
  const { say, handled, release } = held();
  await using peer = await serve(say, 1);
  const first = peer.client.login(login("first"));
  await eventually(() => assert.deepEqual(handled, ["first"]));
  const second = callOverHttp2(peer.target, { "grpc-timeout": "4S" });
  release();
  await first;
  assert.equal((await second)["grpc-status"], "0");
});

Deno.test("calls whose requests have not arrived take no place", async () => {
  await using peer = await serve((text) => Promise.resolve(text), 0);
  const session = connect(`http://${peer.target}`);
  session.on("error", () => {});
  const headers = { ":method": "POST", ":path": ECHO_PATH, "content-type": "application/grpc" };
  const slow = session.request(headers, { endStream: false });
  slow.on("error", () => {});
  slow.write(Uint8Array.of(0, 0, 0));
  // The server reads the frames of a connection in their order.
  await new Promise((resolve) => session.ping((error) => resolve(error)));
  assert.equal((await callOverHttp2(peer.target, {}))["grpc-status"], "0");
  session.destroy();
});

Deno.test("a call whose client has gone gives its place back", async () => {
  const { say, handled, release } = held();
  await using peer = await serve(say, 0);
  const session = connect(`http://${peer.target}`);
  session.on("error", () => {});
  const headers = { ":method": "POST", ":path": ECHO_PATH, "content-type": "application/grpc" };
  session.request(headers).on("error", () => {}).end(Uint8Array.of(0, 0, 0, 0, 0));
  await eventually(() => assert.equal(handled.length, 1));
  session.destroy();
  release();
  await eventually(async () => {
    assert.equal((await callOverHttp2(peer.target, {}))["grpc-status"], "0");
  });
});

Deno.test("health is answered however much else is in flight", async () => {
  const { say, handled, release } = held();
  await using peer = await serve(say, 0);
  using health = addHealth(peer.server, []);
  health.serving();
  const first = peer.client.login(login("first"));
  await eventually(() => assert.deepEqual(handled, ["first"]));
  const answer = await callOverHttp2(peer.target, { ":path": "/grpc.health.v1.Health/Check" });
  assert.equal(answer["grpc-status"], "0");
  release();
  await first;
});
