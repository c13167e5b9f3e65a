import assert from "node:assert/strict";
import type { OutgoingHttpHeaders } from "node:http2";
import { Metadata, status as Code } from "@grpc/grpc-js";
import { type EchoPeer, serveEcho } from "../testing/echo_service.ts";
import { callOverHttp2, EMPTY_MESSAGE } from "../testing/http2_call.ts";
import { readErrorDetails } from "./status_details.ts";

async function trailersOf(
  { target }: EchoPeer,
  headers: OutgoingHttpHeaders,
  body: Uint8Array,
): Promise<Metadata> {
  return Metadata.fromHttp2Headers(await callOverHttp2(target, { "x-request-id": "r-1", ...headers }, body));
}

const REFUSED: Readonly<
  Record<string, readonly [OutgoingHttpHeaders, Uint8Array, string, string]>
> = {
  "an invalid timeout": [
    { "grpc-timeout": "soon" },
    EMPTY_MESSAGE,
    "grpc-timeout",
    "is not a valid gRPC timeout",
  ],
};

for (const [what, [headers, body, field, message]] of Object.entries(REFUSED)) {
  Deno.test(`${what} is reported as the caller's mistake, with a violation`, async () => {
    await using peer = await serveEcho((text) => Promise.resolve(text));
    const trailers = await trailersOf(peer, headers, body);
    assert.deepEqual(trailers.get("grpc-status"), [String(Code.INVALID_ARGUMENT)]);
    assert.deepEqual(readErrorDetails(trailers).violations, [{ field, message }]);
    assert.deepEqual(trailers.get("x-request-id"), ["r-1"]);
    assert.deepEqual(logged(peer), [["call answered", "INVALID_ARGUMENT", "r-1"]]);
  });
}

const KEPT: Readonly<
  Record<string, readonly [OutgoingHttpHeaders, Uint8Array, keyof typeof Code]>
> = {
  "a message that is too large": [{}, Uint8Array.of(0, 0, 0x20, 0, 0), "RESOURCE_EXHAUSTED"],
  "a call without a message": [{}, new Uint8Array(), "UNIMPLEMENTED"],
};

for (const [what, [headers, body, code]] of Object.entries(KEPT)) {
  Deno.test(`${what} is refused by grpc-js, with the request id and a log line`, async () => {
    await using peer = await serveEcho((text) => Promise.resolve(text));
    const trailers = await trailersOf(peer, headers, body);
    assert.deepEqual(trailers.get("grpc-status"), [String(Code[code])]);
    assert.deepEqual(trailers.get("x-request-id"), ["r-1"]);
    assert.deepEqual(logged(peer), [["call answered", code, "r-1"]]);
  });
}

function logged({ captured }: EchoPeer): unknown[] {
  return captured.lines.map((line) => [line["msg"], line["code"], line["request_id"]]);
}
