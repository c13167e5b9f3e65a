import assert from "node:assert/strict";
import { Client, status as Code } from "@grpc/grpc-js";
import { AuthService } from "@rocket/proto/iam";
import { currentRequest } from "../core/request_context.ts";
import { REQUEST_LIMIT_MS } from "../core/deadline.ts";
import { NotFound } from "../core/failure.ts";
import { ECHO_PATH, type EchoPeer, serveEcho } from "../testing/echo_service.ts";
import { kindOf } from "../log/sink.ts";
import { eventually } from "../testing/eventually.ts";
import { createClient } from "./client.ts";
import { REQUEST_ID_KEY } from "../auth/metadata.ts";

const MESSAGE = { login: "x", password: "" };

for (
  const [name, offered, isKept] of [
    ["of 1 character", "a", true],
    ["of 64 characters of all kinds", "A-z_0".padEnd(64, "9"), true],
    ["of 65 characters", "a".repeat(65), false],
    ["with a space", "a b", false],
    ["with a dot", "a.b", false],
    ["that is empty", "", false],
    ["that is absent", undefined, false],
    ["that is sent twice", ["a", "b"], false],
  ] as const
) {
  Deno.test(`a request id ${name} is ${isKept ? "kept" : "replaced"}, and returned`, async () => {
    await using peer = await serveEcho(() => Promise.resolve(currentRequest()?.requestId ?? "none"));
    const metadata = offered === undefined ? undefined : { [REQUEST_ID_KEY]: offered };
    const { response, trailers } = await peer.client.login(MESSAGE, metadata);
    const returned = trailers.get(REQUEST_ID_KEY);
    assert.deepEqual(returned, [response?.sessionUuid]);
    if (isKept) assert.deepEqual(returned, [offered]);
    else assert.match(String(returned), /^[0-9a-f-]{36}$/);
    assert.equal(peer.captured.lines[0]?.["request_id"], returned[0]);
  });
}

Deno.test("a failed call returns its request id too", async () => {
  await using peer = await serveEcho(() => Promise.reject(new NotFound("NOTHING", "nothing here")));
  const { code, trailers } = await peer.client.login(MESSAGE, {
    [REQUEST_ID_KEY]: "r-1",
  });
  assert.equal(code, Code.NOT_FOUND);
  assert.deepEqual(trailers.get(REQUEST_ID_KEY), ["r-1"]);
});

Deno.test("a request id is passed on to the calls made within the request", async () => {
  await using far = await serveEcho(() => Promise.resolve(currentRequest()?.requestId ?? "none"));
  await using near = await serveEcho(async () => {
    await using client = createClient(AuthService, "far", far.target);
    return (await client.login(MESSAGE)).sessionUuid;
  });
  const { response } = await near.client.login(MESSAGE, { [REQUEST_ID_KEY]: "checkout-42" });
  assert.equal(response?.sessionUuid, "checkout-42");
});

for (
  const [name, deadlineMs, atMostMs] of [
    ["a caller's shorter deadline is the request's", 1_000, 1_000],
    ["a caller's longer deadline is cut to 5 s", 60_000, REQUEST_LIMIT_MS],
    ["without a caller's deadline, the request has 5 s", Infinity, REQUEST_LIMIT_MS],
  ] as const
) {
  Deno.test(name, async () => {
    await using peer = await serveEcho(() => Promise.resolve(String(currentRequest()?.deadline)));
    const before = Date.now();
    const { response } = await peer.client.login(MESSAGE, {}, deadlineMs);
    const deadline = Number(response?.sessionUuid);
    assert.ok(
      deadline >= before + atMostMs - 50 && deadline <= Date.now() + atMostMs,
      String(deadline - before),
    );
  });
}

Deno.test("a call is logged once, with its method, status and time", async () => {
  await using peer = await serveEcho((text) => Promise.resolve(text));
  await peer.client.login(MESSAGE);
  const [line, ...others] = peer.captured.lines;
  assert.deepEqual(others, []);
  assert.deepEqual([line?.["level"], line?.["msg"], line?.["method"], line?.["code"]], [
    "info",
    "call answered",
    ECHO_PATH,
    "OK",
  ]);
  assert.equal(typeof line?.["duration_ms"], "number");
});

Deno.test("a call past its deadline is logged once as DEADLINE_EXCEEDED, and not again when its handler ends", async () => {
  const { promise: work, resolve: finish } = Promise.withResolvers<string>();
  await using peer = await serveEcho(() => work);
  const { code } = await peer.client.login(MESSAGE, { [REQUEST_ID_KEY]: "r-1" }, 100);
  assert.equal(code, Code.DEADLINE_EXCEEDED);
  await eventually(() => assert.deepEqual(codes(peer), ["DEADLINE_EXCEEDED"]));
  finish("late");
  await peer.client.login(MESSAGE);
  assert.deepEqual(codes(peer), ["DEADLINE_EXCEEDED", "OK"]);
  assert.equal(peer.captured.lines[0]?.["request_id"], "r-1");
});

Deno.test("a call whose caller hangs up is logged as cancelled", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  await using peer = await serveEcho(() => new Promise(() => arrive()));
  const client = peer.stub(Client);
  const { path, requestSerialize, responseDeserialize } = AuthService.login;
  const { promise: ended, resolve: end } = Promise.withResolvers<unknown>();
  const call = client.makeUnaryRequest(path, requestSerialize, responseDeserialize, MESSAGE, end);
  await arrived;
  call.cancel();
  await ended;
  await eventually(() => assert.deepEqual(codes(peer), ["CANCELLED"]));
});

function codes({ captured }: EchoPeer): unknown[] {
  return captured.lines.map((line) => line["code"]);
}

Deno.test("lines about a call are the first to be dropped from a log that can't be written", async () => {
  await using peer = await serveEcho(() => Promise.reject(new TypeError("a fault")));
  await peer.client.login(MESSAGE);
  const lines = peer.captured.text().trimEnd().split("\n").map((line) => `${line}\n`);
  assert.deepEqual(peer.captured.lines.map(({ msg }) => msg), ["call faulted", "call answered"]);
  assert.ok(lines.every((line) => kindOf(line) === "request"));
});
