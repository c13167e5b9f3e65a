import assert from "node:assert/strict";
import { type GrpcPeer, serveGrpc } from "../testing/grpc_peer.ts";
import { answerAtOnce, readToEnd, ToyClient, toyService } from "../testing/toy_streams.ts";
import { type HostedServices, hostServices, MAX_HOSTED_STREAMS } from "./hosted_services.ts";
import { shutDownGrpc } from "./server.ts";

/** Longer than anything here takes, even on a busy machine. */
const GRACE_MS = 60_000;

async function serveToy(): Promise<{ readonly peer: GrpcPeer; readonly hosted: HostedServices }> {
  let hosted: HostedServices | undefined;
  const peer = await serveGrpc({
    addServices: (server) => {
      hosted = hostServices(server);
      hosted.addService(toyService, { talk: answerAtOnce });
    },
  });
  assert.ok(hosted);
  return { peer, hosted };
}

Deno.test("a hosted stream answers every message, and ends when its client ends it", async () => {
  await using peer = (await serveToy()).peer;
  const stream = peer.stub(ToyClient).talk();
  const ending = readToEnd(stream);
  for (let n = 0; n < 100; n++) stream.write(Buffer.from("x"));
  stream.end();
  assert.deepEqual(await ending, { code: "OK", details: "OK", answers: 100 });
});

Deno.test("a message that can't be decoded ends a stream with INVALID_ARGUMENT, logged once", async () => {
  await using peer = (await serveToy()).peer;
  const stream = peer.stub(ToyClient).talk();
  const ending = readToEnd(stream);
  for (const message of ["x", "", "x"]) stream.write(Buffer.from(message));
  const { code, details } = await ending;
  assert.equal(code, "INVALID_ARGUMENT");
  assert.equal(details, "message: can't be decoded as the method's request");
  assert.deepEqual(peer.captured.lines.map(({ code }) => code), ["INVALID_ARGUMENT"]);
});

Deno.test("open streams end with status OK at disposal, and do not delay the shutdown", async () => {
  const { peer, hosted } = await serveToy();
  await using _peer = peer;
  const stream = peer.stub(ToyClient).talk();
  const ending = readToEnd(stream);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  stream.on("data", () => answer());
  stream.write(Buffer.from("x"));
  await answered;
  hosted[Symbol.dispose]();
  const startedAt = performance.now();
  await shutDownGrpc(peer.server, GRACE_MS);
  assert.ok(performance.now() - startedAt < GRACE_MS);
  assert.equal((await ending).code, "OK");
});

Deno.test("a stream past the limit is refused, the open ones go on, and one that ends leaves room", async () => {
  await using peer = (await serveToy()).peer;
  const stub = peer.stub(ToyClient);
  const open = Array.from({ length: MAX_HOSTED_STREAMS }, () => {
    const stream = stub.talk();
    return { stream, ending: readToEnd(stream) };
  });
  for (const { stream } of open) stream.write(Buffer.from("x"));
  await Promise.all(open.map(({ stream }) => new Promise((resolve) => stream.once("data", resolve))));

  const refused = await readToEnd(stub.talk());
  assert.deepEqual([refused.code, refused.details], ["RESOURCE_EXHAUSTED", "too many streams are open"]);
  for (const { stream } of open) stream.end();
  const codes = await Promise.all(open.map(async ({ ending }) => (await ending).code));
  assert.deepEqual(new Set(codes), new Set(["OK"]));
  const late = stub.talk();
  const ending = readToEnd(late);
  late.end();
  assert.equal((await ending).code, "OK");
});
