import assert from "node:assert/strict";
import { connect, constants } from "node:http2";
import { status as Code } from "@grpc/grpc-js";
import { AuthService } from "@rocket/proto/iam";
import { CannotListen } from "../core/cannot_listen.ts";
import { captureLog } from "../testing/captured_log.ts";
import { ECHO_PATH, serveEcho } from "../testing/echo_service.ts";
import { createGrpcServer, listenGrpc, shutDownGrpc } from "./server.ts";

/** Longer than anything here takes, even on a busy machine. */
const GRACE_MS = 60_000;

const MESSAGE = { login: "x", password: "" };

for (const host of ["127.0.0.1", "localhost", "0.0.0.0", "::1"]) {
  Deno.test(`a server listens on ${host}, on a free port if the port is 0`, async () => {
    const server = createGrpcServer({ log: captureLog().log });
    assert.ok(await listenGrpc(server, host, 0) > 0);
    server.forceShutdown();
  });
}

Deno.test("listening on a taken port fails with host and port, and the first server keeps running", async () => {
  await using first = await serveEcho(() => Promise.resolve("first"));
  const port = Number(first.target.split(":")[1]);
  for (const host of ["127.0.0.1", "0.0.0.0"]) {
    const second = createGrpcServer({ log: captureLog().log });
    await assert.rejects(listenGrpc(second, host, port), (error: unknown) => {
      assert.ok(error instanceof CannotListen);
      assert.match(
        error.message,
        new RegExp(`^can't listen on ${host}:${port}: another process has the port$`),
      );
      return true;
    });
  }
  const { response } = await first.client.login(MESSAGE);
  assert.equal(response?.sessionUuid, "first");
});

Deno.test("a shutdown tells clients by GOAWAY the last call that is accepted, and answers it", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: work, resolve: finish } = Promise.withResolvers<string>();
  await using peer = await serveEcho(() => (arrive(), work));
  const session = connect(`http://${peer.target}`);
  const goaway = new Promise((resolve) => session.on("goaway", (code, last) => resolve([code, last])));
  const status = new Promise((resolve, reject) => {
    const call = session.request({
      ":method": "POST",
      ":path": ECHO_PATH,
      "content-type": "application/grpc",
      te: "trailers",
    });
    call.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
    call.on("error", reject);
    call.resume();
    // An empty message: no compression, no bytes.
    call.end(new Uint8Array(5));
  });
  await arrived;

  const shutDown = shutDownGrpc(peer.server, GRACE_MS);
  assert.deepEqual(await goaway, [constants.NGHTTP2_NO_ERROR, 1]);
  finish("done");
  assert.equal(await status, "0");
  await shutDown;
  session.destroy();
});

Deno.test("a shutdown finishes running calls and refuses new ones", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: work, resolve: finish } = Promise.withResolvers<string>();
  await using peer = await serveEcho(() => (arrive(), work));
  const inFlight = peer.client.login(MESSAGE);
  await arrived;

  const shutDown = shutDownGrpc(peer.server, 5_000);
  const late = peer.connect(AuthService);
  const refused = await late.login(MESSAGE);
  assert.equal(Code[refused.code], "UNAVAILABLE");
  finish("done");
  assert.equal((await inFlight).response?.sessionUuid, "done");
  await shutDown;
});

Deno.test("a shutdown without connections, or with idle ones only, does not wait for the grace period", async () => {
  for (const isConnected of [false, true]) {
    await using peer = await serveEcho((text) => Promise.resolve(text));
    if (isConnected) await peer.client.login(MESSAGE);
    const startedAt = performance.now();
    await shutDownGrpc(peer.server, GRACE_MS);
    assert.ok(performance.now() - startedAt < GRACE_MS);
  }
});

Deno.test("a call that never ends is cancelled after the grace period", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  await using peer = await serveEcho(() => new Promise(() => arrive()));
  const inFlight = peer.client.login(MESSAGE);
  await arrived;
  await shutDownGrpc(peer.server, 100);
  assert.equal(Code[(await inFlight).code], "CANCELLED");
});

Deno.test("a server that never listened can be shut down", async () => {
  await shutDownGrpc(createGrpcServer({ log: captureLog().log }), 100);
});

Deno.test("errors reported by grpc-js go to the log, not to stderr", async () => {
  const captured = captureLog();
  const server = createGrpcServer({ log: captured.log });
  await assert.rejects(listenGrpc(server, "no-such-host.invalid", 0), CannotListen);
  await using first = await serveEcho(() => Promise.resolve("first"));
  const second = createGrpcServer({ log: captured.log });
  await assert.rejects(listenGrpc(second, "127.0.0.1", Number(first.target.split(":")[1])), CannotListen);
  assert.match(captured.text(), /"level":"debug".*No address added.*"msg":"grpc-js reported an error"/);
});
