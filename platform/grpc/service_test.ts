import assert from "node:assert/strict";
import { Client, credentials, status as Code } from "@grpc/grpc-js";
import { ECHO_PATH, type EchoPeer, serveEcho } from "../testing/echo_service.ts";
import { createRawClient, type Outcome } from "../testing/raw_client.ts";
import { readErrorDetails } from "./status_details.ts";

/** Sends raw bytes to a method that expects a message. */
async function sendBytes({ target }: EchoPeer, bytes: Uint8Array): Promise<Outcome<Buffer>> {
  const pass = (buffer: Buffer) => buffer;
  const codec = {
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  };
  const definition = { say: { path: ECHO_PATH, requestStream: false, responseStream: false, ...codec } };
  await using client = createRawClient(definition, target);
  return await client.say(Buffer.from(bytes));
}

for (
  const [name, bytes] of [
    ["a truncated field", [0x0a, 0x7f, 0x41]],
    ["an unknown wire type", [0x0f]],
    ["the end of a group that was not started", [0x0c]],
    ["an endless number", Array(11).fill(0xff)],
    ["random bytes", [0xde, 0xad, 0xbe, 0xef]],
    ["text that is not UTF-8", [0x0a, 0x02, 0xc3, 0x28]],
  ] as const
) {
  Deno.test(`a message that can't be decoded (${name}) is answered INVALID_ARGUMENT`, async () => {
    await using peer = await serveEcho((text) => Promise.resolve(text));
    const { code, details, trailers } = await sendBytes(peer, Uint8Array.from(bytes));
    assert.equal(Code[code], "INVALID_ARGUMENT");
    assert.equal(details, "message: can't be decoded as the method's request");
    assert.equal(readErrorDetails(trailers).violations[0]?.field, "message");
    assert.equal(trailers.get("x-request-id").length, 1);
    assert.deepEqual(peer.captured.lines.map((line) => line["msg"]), ["call answered"]);
  });
}

Deno.test("an empty message has the default value in every field", async () => {
  await using peer = await serveEcho((text) => Promise.resolve(`<${text}>`));
  const { code, response } = await sendBytes(peer, new Uint8Array());
  assert.equal(code, Code.OK);
  assert.match(String(response), /<>/);
});

Deno.test("a handler that throws synchronously is answered like one that rejects", async () => {
  await using peer = await serveEcho(() => {
    throw new Error("at once");
  });
  const { code, details } = await peer.client.login({ login: "", password: "" });
  assert.deepEqual([Code[code], details], ["INTERNAL", "internal error"]);
});

Deno.test("a response that can't be encoded is answered INTERNAL and logged", async () => {
  // Neither a string nor convertible to one.
  const wrong = Object.create(null) as string;
  await using peer = await serveEcho(() => Promise.resolve(wrong));
  const { code, details } = await peer.client.login({ login: "", password: "" });
  assert.deepEqual([Code[code], details], ["INTERNAL", "internal error"]);
  assert.deepEqual(peer.captured.lines.map((line) => line["msg"]), ["call faulted", "call answered"]);
});

Deno.test("a message over 64 KiB is refused, and the server keeps working", async () => {
  await using peer = await serveEcho((text) => Promise.resolve(String(text.length)));
  const { client } = peer;
  const big = await client.login({ login: "x".repeat(64 * 1024), password: "" });
  assert.equal(Code[big.code], "RESOURCE_EXHAUSTED");
  const good = await client.login({ login: "x".repeat(64 * 1024 - 100), password: "" });
  assert.equal(good.response?.sessionUuid, String(64 * 1024 - 100));
});

Deno.test("a method that is not in the service is answered UNIMPLEMENTED", async () => {
  await using peer = await serveEcho((text) => Promise.resolve(text));
  const client = new Client(peer.target, credentials.createInsecure());
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const pass = (buffer: Buffer) => buffer;
  client.makeUnaryRequest(
    "/auth.v1.AuthService/Levitate",
    pass,
    pass,
    Buffer.alloc(0),
    (error) => resolve(error?.code),
  );
  assert.equal(await promise, Code.UNIMPLEMENTED);
  client.close();
});
