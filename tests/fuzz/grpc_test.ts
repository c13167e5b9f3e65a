import fc from "fast-check";
import assert from "node:assert/strict";
import { frameOf } from "../support/grpc_frame.ts";
import type { ContractMethod } from "../support/grpc_contract.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { type GrpcStage, startGrpcStage } from "../support/grpc_stage.ts";
import { GrpcWire } from "../support/grpc_wire.ts";
import { assertCleanStop } from "../support/clean_stop.ts";
import { BROKEN_HTTP2 } from "./grpc/broken_http2.ts";
import { faultsOf } from "./grpc/check_answer.ts";
import { framed, isWhole } from "./grpc/framing.ts";
import { INVALID_CALLS } from "./grpc/invalid_calls.ts";
import { assemble } from "./grpc/message.ts";
import { fuzzedRequest } from "./grpc/request.ts";

Deno.test("no hostile gRPC request makes a service fail, hang or break its contract", async () => {
  await using stage = await startGrpcStage();
  const runs = fuzzRuns(5_000);
  const wellAnswered = new Set<string>();
  const probes = new Map(firstMethods(stage).map(({ target, name }) => [target, name]));
  const unspent = new Map<string, Awaited<ReturnType<GrpcStage["good"]>>>();

  await fc.assert(
    fc.asyncProperty(fuzzedRequest(stage.methods), async (request) => {
      const { name, framing, hasGoodMetadata } = request;
      const { input, target } = stage.method(name);
      const good = unspent.get(name) ?? await stage.good(name);
      const message = assemble(request.message, input, good.bytes);
      const { body, headers } = framed(framing, message.bytes);
      const metadata = hasGoodMetadata ? good.metadata : {};
      const answer = await stage.askRaw(name, {
        body,
        headers: { ...headers, ...metadata, ...request.headers },
      });
      assert.deepEqual(faultsOf(stage.method(name), request, message, answer), []);
      if (answer.status === "OK") wellAnswered.add(name);
      // Refused before it could change anything, such as the new account that some requests need.
      if (answer.status === "INVALID_ARGUMENT") unspent.set(name, good);
      else unspent.delete(name);
      if (!isWhole(framing)) await assertWell(stage, probes.get(target) ?? name);
    }),
    runs,
  );

  await assertAllWell(stage);
  // Requests that are refused at the door prove nothing about the code behind it.
  if (runs.numRuns >= 1_000) {
    assert.deepEqual(stage.methods.filter(({ name }) => !wellAnswered.has(name)), []);
  }
});

Deno.test("invalid calls and broken HTTP/2 do not disturb the next request", async (t) => {
  await using stage = await startGrpcStage();
  for (const { name, path, target } of firstMethods(stage)) {
    for (const [what, headers] of Object.entries(INVALID_CALLS)) {
      await t.step(`${what}, before ${name}`, async () => {
        using wire = new GrpcWire(target);
        const { status } = await wire.ask({ path, headers, body: frameOf(new Uint8Array()) });
        assert.match(status, /^(UNIMPLEMENTED|UNAUTHENTICATED|INVALID_ARGUMENT|HTTP.*)$/);
        await assertWell(stage, name);
      });
    }
    for (const [what, bytes] of Object.entries(BROKEN_HTTP2)) {
      await t.step(`${what}, before ${name}`, async () => {
        using connection = await connect(target);
        await send(connection, bytes);
        await assertWell(stage, name);
      });
    }
  }
  await assertAllWell(stage);
});

/** One method of each server: the first, as some others accept the empty message. */
function firstMethods({ methods }: GrpcStage): readonly ContractMethod[] {
  return [...new Map(methods.toReversed().map((method) => [method.target, method])).values()];
}

async function assertWell({ ask }: GrpcStage, name: string): Promise<void> {
  const { status, details } = await ask(name);
  assert.equal(status, "OK", details);
}

/** Checks that every method answers, and every service is alive and has logged no fault; stops them. */
async function assertAllWell(stage: GrpcStage): Promise<void> {
  for (const { name } of stage.methods) await assertWell(stage, name);
  await assertCleanStop(stage.system);
}

function connect(target: string): Promise<Deno.TcpConn> {
  const [hostname = "", port] = target.split(":");
  return Deno.connect({ hostname, port: Number(port) });
}

/** Sends bytes until all are written, or the server closes the connection. */
async function send(connection: Deno.TcpConn, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const writer = connection.writable.getWriter();
  try {
    await writer.write(bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe)) {
      throw error;
    }
  }
}
