import assert from "node:assert/strict";
import { eventually } from "../testing/eventually.ts";
import { type GrpcPeer, serveGrpc } from "../testing/grpc_peer.ts";
import { answerAtOnce, readToEnd, ToyClient, toyService } from "../testing/toy_streams.ts";
import { boundStreams, MAX_OPEN_STREAMS, MAX_STREAM_MESSAGES } from "./bounded_streams.ts";

function serveBounded(): Promise<GrpcPeer> {
  return serveGrpc({
    addServices: (server, { log }) =>
      server.addService(toyService, { talk: boundStreams(answerAtOnce, log) }),
  });
}

Deno.test("a stream accepts messages up to its limit, and ends with RESOURCE_EXHAUSTED beyond it", async () => {
  await using peer = await serveBounded();
  const talk = (messages: number) => {
    const stream = peer.stub(ToyClient).talk();
    const ending = readToEnd(stream);
    for (let n = 0; n < messages; n++) stream.write(Buffer.from("x"));
    stream.end();
    return ending;
  };
  const most = MAX_STREAM_MESSAGES;
  assert.deepEqual(await talk(most), { code: "OK", details: "OK", answers: most });
  const { code, details } = await talk(most + 50);
  assert.deepEqual([code, details], ["RESOURCE_EXHAUSTED", "too many messages on one stream"]);
});

Deno.test("the number of open streams is limited, and a stream that ends makes room for another", async () => {
  await using peer = await serveBounded();
  const client = peer.stub(ToyClient);
  const talkOnce = () => {
    const stream = client.talk();
    const ending = readToEnd(stream);
    stream.write(Buffer.from("x"));
    return { stream, ending };
  };
  const open = Array.from({ length: MAX_OPEN_STREAMS }, talkOnce);
  await Promise.all(open.map(({ stream }) => new Promise((resolve) => stream.once("data", resolve))));

  const { code, details } = await talkOnce().ending;
  assert.deepEqual([code, details], ["RESOURCE_EXHAUSTED", "too many streams are open"]);

  const [hungUp, ended, ...others] = open;
  hungUp?.stream.cancel();
  ended?.stream.end();
  assert.equal((await ended?.ending)?.code, "OK");
  await eventually(async () => {
    const { stream, ending } = talkOnce();
    stream.end();
    assert.deepEqual(await ending, { code: "OK", details: "OK", answers: 1 });
  });
  for (const { stream } of others) stream.end();
  for (const { ending } of others) assert.equal((await ending).code, "OK");
});
