import assert from "node:assert/strict";
import { startProcess, type TestProcess } from "../support/process.ts";
import type { Report } from "./peers/load.ts";
import { LATENESS_MS } from "./report.ts";

/** How soon after its peer's return a process's calls must succeed again, in milliseconds. */
const RECOVERY_MS = 2_000;

/** How soon a client must know that its server answers no more, in milliseconds: the platform's keepalive. */
const FOUND_BROKEN_MS = 13_000;

/** An echo server or client in a process of its own, controlled by commands. */
export interface Peer extends AsyncDisposable {
  readonly process: TestProcess;
  /** Tells the peer to do something, and waits until it is done. */
  tell(command: string, withinMs?: number): Promise<unknown>;
}

/** Starts an echo server on 127.0.0.1; it listens when this returns. */
export async function startServer(port: number): Promise<Peer> {
  const server = start("echo_server.ts", port, [String(port)]);
  await server.process.waitForLine(/^listening/);
  return server;
}

/** Starts a client of the echo server; from then on it keeps that many calls in flight. */
export async function startClient(port: number, inFlight: number): Promise<Peer> {
  const client = start("echo_client.ts", port, [`127.0.0.1:${port}`, String(inFlight)]);
  await client.process.waitForLine(/^loading/);
  return client;
}

/** Waits until the client's calls succeed again, which must be soon after the server listens. */
export async function recovered(client: Peer): Promise<void> {
  await client.tell("answered 1", RECOVERY_MS);
}

/** Waits until the client finds its connection broken, which must be soon after the server has gone silent. */
export async function broken(client: Peer): Promise<void> {
  await client.tell("broken", FOUND_BROKEN_MS + LATENESS_MS);
}

/** Stops a peer, which must still be running and exit cleanly. @returns Its final report. */
export async function stop(peer: Peer): Promise<unknown> {
  const report = await peer.tell("stop");
  const { code } = await peer.process.waitForExit();
  assert.equal(code, 0);
  return report;
}

/** Waits until the client has had so many answers that its connection is well used. */
export async function loaded(client: Peer): Promise<void> {
  await client.tell("answered 100");
}

/** Stops a client, which must still be running. @returns How its calls went. */
export async function stopClient(client: Peer): Promise<Report> {
  // What a client says at its end is what `Load.report` gives.
  return await stop(client) as Report;
}

/** Kills a peer as a crash or the kernel would, with no word to the other side. */
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
    tell: async (command, withinMs) => {
      await process.writeLine(command);
      const [name] = command.split(" ");
      const [, facts = ""] = await process.waitForLine(new RegExp(`^${name} (.*)`), withinMs);
      return JSON.parse(facts);
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

/** All that grpc-js needs under the platform's channel options: one address, and variables it asks for as it loads. */
function permissions(port: number): readonly string[] {
  return [`--allow-net=127.0.0.1:${port}`, `--allow-env=${GRPC_VARIABLES.join(",")}`];
}

const GRPC_VARIABLES = [
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
