import assert from "node:assert/strict";
import { denoFlags, GRPC_TLS, GRPC_TLS_VARIABLES, oneOf, PLAINTEXT, target } from "@rocket/platform/config";
import { addHealth, createGrpcServer, listenGrpc } from "@rocket/platform/grpc";
import { createLogger } from "@rocket/platform/log";
import { type Attempt, outcomesUnder } from "../../support/attempts.ts";

/** What came of an attempt with the flags of a service that dials `dialled`. */
async function reach(kind: Attempt[0], what: string, dialled: string = "127.0.0.1:1"): Promise<string> {
  const env = { LOG_LEVEL: "debug", IAM_POSTGRES_URL: "postgres://u:hunter2@db/iam" };
  const [outcome] = await outcomesUnder(flagsOver(dialled), [[kind, what]], env);
  return outcome ?? "no outcome";
}

/** The flags of a service that dials `dialled`. */
function flagsOver(dialled: string): readonly string[] {
  const variables = {
    level: oneOf("LOG_LEVEL", "info", ["info"]),
    plaintext: PLAINTEXT,
    ...GRPC_TLS_VARIABLES,
    far: target("FAR", dialled, GRPC_TLS),
  } as const;
  const environment: Readonly<Record<string, string>> = { PLAINTEXT: "allow" };
  return denoFlags(variables, (name) => environment[name]);
}

async function serveHealth(): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createGrpcServer({ log: createLogger({ service: "far", level: "silent", format: "json" }) });
  addHealth(server, []).serving();
  const port = await listenGrpc(server, "127.0.0.1", 0);
  return { port, [Symbol.asyncDispose]: () => Promise.resolve(server.forceShutdown()) };
}

Deno.test("a variable of the config can be read, and any other reads as absent", async () => {
  assert.equal(await reach("env", "LOG_LEVEL"), "debug");
  assert.equal(await reach("env", "IAM_POSTGRES_URL"), "absent");
});

Deno.test("a gRPC service of the config is reached by address and by name", async () => {
  await using far = await serveHealth();
  for (const host of ["127.0.0.1", "localhost"]) {
    const target = `${host}:${far.port}`;
    assert.equal(await reach("call", target, target), "done");
  }
});

Deno.test("another port or another machine is not reached", async () => {
  await using far = await serveHealth();
  const target = `127.0.0.1:${far.port}`;
  assert.match(await reach("call", target), /refused: .*Requires net access/);
  assert.match(await reach("connect", "192.0.2.1:80", target), /refused: NotCapable/);
  assert.match(await reach("connect", "192.0.2.1:50053", "iam:50053"), /refused: NotCapable/);
});

Deno.test("a target given by name may resolve to any address of a container network", async () => {
  // Nothing listens there; the attempt is permitted, which is the point.
  assert.doesNotMatch(await reach("connect", "127.1.2.3:1", "iam:50053"), /^refused/);
});
