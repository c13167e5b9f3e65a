import assert from "node:assert/strict";
import { startProcess, type TestProcess } from "../support/process.ts";
import type { Report } from "./peers/load.ts";

/** An echo server or client in a process of its own, controlled by commands. */
export interface Peer extends AsyncDisposable {
  readonly process: TestProcess;
  /** Sends a command and waits for its result. */
  run(command: string): Promise<unknown>;
}

/** Starts an echo server on 127.0.0.1, and waits until it listens. */
export async function startServer(port: number): Promise<Peer> {
  const server = start("echo_server.ts", port, [String(port)]);
  await server.process.waitForLine(/^listening/);
  return server;
}

/** Starts a client of the echo server, which keeps that many calls in flight. */
export async function startClient(port: number, inFlight: number): Promise<Peer> {
  const client = start("echo_client.ts", port, [`127.0.0.1:${port}`, String(inFlight)]);
  await client.process.waitForLine(/^loading/);
  return client;
}

/** Waits until the client's calls succeed again. */
export async function waitForRecovery(client: Peer): Promise<void> {
  await client.run("succeed 1");
}

/** Waits until the client finds its connection broken, as the platform's keepalive must. */
export async function waitUntilBroken(client: Peer): Promise<void> {
  await client.run("broken");
}

/** Stops a peer, which must still be running and exit cleanly. @returns Its final report. */
export async function stop(peer: Peer): Promise<unknown> {
  const report = await peer.run("stop");
  const { code } = await peer.process.waitForExit();
  assert.equal(code, 0);
  return report;
}

/** Waits until the client has made enough calls for its connection to be in steady use. */
export async function waitForTraffic(client: Peer): Promise<void> {
  await client.run("succeed 100");
}

/** Stops a client, which must still be running. @returns The outcome of its calls. */
export async function stopClient(client: Peer): Promise<Report> {
  // A client's final report is the result of `Load.report`.
  return await stop(client) as Report;
}

/** Kills a peer as a crash or the kernel would, without closing its connections. */
export async function crash(peer: Peer): Promise<void> {
  peer.process.kill("SIGKILL");
  await peer.process.waitForExit();
}

function start(program: string, port: number, args: readonly string[]): Peer {
  const module = new URL(`peers/${program}`, import.meta.url).href;
  const process = startProcess(Deno.execPath(), [
    "run",
    "--no-prompt",
    ...permissions(port),
    module,
    ...args,
  ]);
  return {
    process,
    run: async (command) => {
      await process.writeLine(command);
      const [name] = command.split(" ");
      const [, result = ""] = await process.waitForLine(new RegExp(`^${name} (.*)`));
      return JSON.parse(result);
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

/** All that grpc-js needs with the platform's channel options: one address, and the variables it reads on import. */
function permissions(port: number): readonly string[] {
  return [`--allow-net=127.0.0.1:${port}`, `--allow-env=${GRPC_DOOR_VARIABLES.join(",")}`];
}

const GRPC_DOOR_VARIABLES = [
  "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
  "GRPC_EXPERIMENTAL_ENABLE_OUTLIER_DETECTION",
  "GRPC_NODE_DEBUG_SEND_ERROR_DETAILS",
  "GRPC_NODE_TRACE",
  "GRPC_NODE_USE_ALTERNATIVE_RESOLVER",
  "GRPC_NODE_VERBOSITY",
  "GRPC_SSL_CIPHER_SUITES",
  "GRPC_TRACE",
  "GRPC_VERBOSITY",
];
