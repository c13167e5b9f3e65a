import assert from "node:assert/strict";
import { status as Code } from "@grpc/grpc-js";
import { gzipSync } from "node:zlib";
import { serveEcho } from "../testing/echo_service.ts";
import { callOverHttp2, EMPTY_MESSAGE } from "../testing/http2_call.ts";

/** 64 KiB of zeros, compressed, in a frame with the compressed flag. */
const COMPRESSED = frame(gzipSync(new Uint8Array(64 * 1024)));

for (const encoding of ["gzip", "deflate", "lz", "identity, gzip"]) {
  Deno.test(`a request compressed with ${encoding} is refused, and the answer names what is accepted`, async () => {
    const calls: string[] = [];
    await using peer = await serveEcho((text) => Promise.resolve(calls.push(text)).then(String));
    const answer = await callOverHttp2(peer.target, {
      "grpc-encoding": encoding,
      "x-request-id": "r-1",
    }, COMPRESSED);
    assert.equal(answer["grpc-status"], String(Code.UNIMPLEMENTED));
    assert.equal(answer["grpc-accept-encoding"], "identity");
    assert.equal(answer["x-request-id"], "r-1");
    assert.deepEqual(calls, []);
    const logged = peer.captured.lines.map((line) => [line["msg"], line["code"], line["request_id"]]);
    assert.deepEqual(logged, [["call answered", "UNIMPLEMENTED", "r-1"]]);
  });
}

Deno.test("a compressed request is refused before its message arrives", async () => {
  await using peer = await serveEcho((text) => Promise.resolve(text));
  const answer = await callOverHttp2(peer.target, { "grpc-encoding": "gzip" }, new Uint8Array());
  assert.equal(answer["grpc-status"], String(Code.UNIMPLEMENTED));
  assert.equal(decodeURIComponent(String(answer["grpc-message"])), "compressed requests are not supported");
});

Deno.test("an answer does not offer compression either, so that no client starts to compress", async () => {
  await using peer = await serveEcho((text) => Promise.resolve(text));
  for (const headers of [{}, { "grpc-encoding": "identity" }, { "x-compressed-request": "1" }]) {
    const answer = await callOverHttp2(peer.target, headers, EMPTY_MESSAGE);
    assert.equal(answer["grpc-status"], "0");
    assert.equal(answer["grpc-accept-encoding"], "identity");
  }
});

function frame(message: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(5 + message.length);
  framed.writeUInt8(1, 0);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, 5);
  return framed;
}
