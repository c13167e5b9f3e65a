import assert from "node:assert/strict";
import { type handleUnaryCall, status as Code } from "@grpc/grpc-js";
import { AuthService, type LoginRequest, type LoginResponse } from "@rocket/proto/iam";
import { runWithRequest } from "../core/request_context.ts";
import { HOP_LIMIT_MS } from "../core/deadline.ts";
import {
  DeadlineExceeded,
  NotFound,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
} from "../core/failure.ts";
import { type Say, serveEcho } from "../testing/echo_service.ts";
import { eventually } from "../testing/eventually.ts";
import { FakeGrpcServer } from "../testing/fake_grpc_server.ts";
import { freePort } from "../core/free_port.ts";
import { SERVICE_TOKEN_INVALID } from "../auth/service_token.ts";
import { createClient, type RpcClient } from "./client.ts";
import { RemoteFailure } from "./remote_failure.ts";
import { shutDownGrpc } from "./server.ts";

const MESSAGE = { login: "x", password: "" };

function call(client: RpcClient<AuthService>): Promise<unknown> {
  return client.login(MESSAGE);
}

for (
  const failure of [
    new Unauthenticated("SESSION_OVER", "the session has expired"),
    new PermissionDenied("SERVICES_ONLY", "only services may call this"),
    new ResourceExhausted("QUEUE_FULL", "the queue is full", 7),
  ]
) {
  Deno.test(`a ${failure.name} of the called service is thrown as the same failure`, async () => {
    await using far = await serveFar(() => Promise.reject(failure));
    await assert.rejects(call(far.client), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.deepEqual({ ...error }, { ...failure });
      assert.deepEqual([error.name, error.message], [failure.name, failure.message]);
      return true;
    });
  });
}

Deno.test("a service that refuses our service token is unavailable, as the session is not at fault", async () => {
  await using far = await serveFar(() => Promise.reject(new Unauthenticated(SERVICE_TOKEN_INVALID, "no")));
  await assert.rejects(call(far.client), unavailable);
});

Deno.test("a service whose dependency is unavailable is itself unavailable", async () => {
  await using far = await serveFar(() => Promise.reject(new Unavailable("redis")));
  await assert.rejects(call(far.client), unavailable);
});

Deno.test("a status that only the caller can interpret is thrown with its code and reason", async () => {
  await using far = await serveFar(() => Promise.reject(new NotFound("PART_NOT_FOUND", "no such part")));
  await assert.rejects(call(far.client), (error: unknown) => {
    assert.ok(error instanceof RemoteFailure);
    assert.deepEqual([error.code, error.reason], ["NOT_FOUND", "PART_NOT_FOUND"]);
    assert.deepEqual([error.message, error.violations], ["no such part", []]);
    return true;
  });
});

Deno.test("an INTERNAL of the called service is not mistaken for a broken connection", async () => {
  await using far = await serveFar(() => Promise.reject(new Error("a bug")));
  await assert.rejects(call(far.client), (error: unknown) => {
    return error instanceof RemoteFailure && error.code === "INTERNAL";
  });
});

Deno.test("a service that does not listen is unavailable before the deadline", async () => {
  await using client = createClient(AuthService, "far", `127.0.0.1:${freePort()}`);
  await assert.rejects(call(client), unavailable);
});

Deno.test("a name that does not resolve is unavailable", async () => {
  await using client = createClient(AuthService, "far", "no-such-host.invalid:50051");
  await assert.rejects(call(client), unavailable);
});

Deno.test("a server that cancels its calls after its grace period is unavailable", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  await using far = await serveFar(() => new Promise(() => arrive()));
  const answer = call(far.client);
  const refused = assert.rejects(answer, unavailable);
  await arrived;
  await shutDownGrpc(far.server, 50);
  await refused;
});

Deno.test("a reset stream is unavailable: nghttp2 may reset the streams of a busy client", async () => {
  for (
    const details of [
      "Received RST_STREAM with code 2 (Internal server error)",
      "Received RST_STREAM with code 11",
    ]
  ) {
    await using far = await serveBare((_call, answer) => answer({ code: Code.INTERNAL, details }));
    await using client = createClient(AuthService, "far", far.target);
    await assert.rejects(call(client), unavailable);
  }
});

Deno.test("a call outside any request has 2 s", async () => {
  await using far = await serveFar(() => new Promise(() => {}));
  const tookMs = await timeToDeadlineExceeded(far.client);
  assert.ok(tookMs >= HOP_LIMIT_MS - CLOCK_TOLERANCE_MS, `${tookMs} ms`);
});

Deno.test("a call has no more time than its request has left", async () => {
  await using far = await serveFar(() => new Promise(() => {}));
  const context = { requestId: "r-1", deadline: Date.now() + 200 };
  const timeOut = () => assert.rejects(call(far.client), DeadlineExceeded);
  const outside = timeOut().then(() => "at the hop's limit");
  const inside = runWithRequest(context, timeOut).then(() => "at the request's deadline");
  assert.equal(await Promise.race([outside, inside]), "at the request's deadline");
  await outside;
});

Deno.test("no call is made after the deadline of its request", async () => {
  let calls = 0;
  await using far = await serveFar((text) => (calls++, Promise.resolve(text)));
  await call(far.client);
  const context = { requestId: "r-1", deadline: Date.now() - 1 };
  await assert.rejects(runWithRequest(context, () => call(far.client)), DeadlineExceeded);
  assert.equal(calls, 1);
});

Deno.test("calls succeed again once the service is back", async () => {
  await using far = await serveBare((_call, answer) => answer(null, { sessionUuid: "a session" }));
  await using client = createClient(AuthService, "far", far.target);
  await call(client);
  await far.stop();
  await assert.rejects(call(client), unavailable);
  await far.start();
  await eventually(() => call(client));
});

Deno.test("a call of a closed client is refused", async () => {
  await using far = await serveFar((text) => Promise.resolve(text));
  const client = createClient(AuthService, "far", far.target);
  await call(client);
  await client[Symbol.asyncDispose]();
  await assert.rejects(call(client));
});

/** Serves `say`, with a client of it. */
async function serveFar(say: Say) {
  const peer = await serveEcho(say);
  const client = createClient(AuthService, "far", peer.target);
  return {
    ...peer,
    client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await peer[Symbol.asyncDispose]();
    },
  };
}

/** Starts a server that can answer with any status. */
async function serveBare(login: handleUnaryCall<LoginRequest, LoginResponse>): Promise<FakeGrpcServer> {
  const far = new FakeGrpcServer((server) => server.addService(AuthService, { login }));
  await far.start();
  return far;
}

function unavailable(error: unknown): boolean {
  assert.ok(error instanceof Unavailable, String(error));
  assert.equal(error.dependency, "far");
  return true;
}

/** How much earlier than by this clock a timer may fire, in milliseconds. */
const CLOCK_TOLERANCE_MS = 50;

async function timeToDeadlineExceeded(client: RpcClient<AuthService>): Promise<number> {
  const startedAt = Date.now();
  await assert.rejects(call(client), DeadlineExceeded);
  return Date.now() - startedAt;
}
