import assert from "node:assert/strict";
import { serveEcho } from "../testing/echo_service.ts";
import { callOverHttp2 } from "../testing/http2_call.ts";

Deno.test("a request that is not gRPC is answered 415, and a gRPC request is accepted", async () => {
  await using peer = await serveEcho((text) => Promise.resolve(text));
  const statusOf = async (type: string | undefined) => {
    const answer = await callOverHttp2(peer.target, { "content-type": type });
    return answer[":status"];
  };
  for (const type of ["application/json", "text/plain", "application/grpc-web", "", undefined]) {
    assert.equal(await statusOf(type), 415, type);
  }
  for (const type of ["application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"]) {
    assert.equal(await statusOf(type), 200, type);
  }
});

Deno.test("a timeout longer than a timer can run does not end the call", async () => {
  // A timer that overflows fires after 1 ms, so the answer must take longer than that.
  await using peer = await serveEcho((text) => new Promise((answer) => setTimeout(answer, 20, text)));
  for (const timeout of ["2592000S", "99999999H", "99999999M", "99999999S", "597H", "1S"]) {
    assert.equal(
      (await callOverHttp2(peer.target, { "grpc-timeout": timeout }))["grpc-status"],
      "0",
      timeout,
    );
  }
});

Deno.test("the message about an unknown method is percent-encoded, even if its name is not ASCII", async () => {
  await using peer = await serveEcho((text) => Promise.resolve(text));
  const answer = await callOverHttp2(peer.target, { ":path": "/auth.v1.AuthService/Log\u00efn" });
  assert.equal(answer["grpc-status"], "12");
  assert.match(String(answer["grpc-message"]), /Log%[0-9A-F]{2}(%[0-9A-F]{2})?n$/);
});
