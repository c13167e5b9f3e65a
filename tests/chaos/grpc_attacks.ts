import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from "node:http2";
import { gzipSync } from "node:zlib";
import { frameOf } from "../support/grpc_frame.ts";
import { ATTACK_MS, type AttackResult, inWords, pause, repeatWhileAttacking } from "./pace.ts";
import { openSockets } from "./sockets.ts";
import type { Target } from "./target.ts";

const WHOAMI = "/auth.v1.AuthService/Whoami";
const MIB = 1024 * 1024;

/** Messages of 1 MiB that compress to a kilobyte, without a login, on one connection. */
export async function compressedBombs({ iamPort }: Target): Promise<AttackResult> {
  using session = open(iamPort);
  // Field 15, a varint of 0: two bytes that no message has.
  const message = new Uint8Array(MIB).map((_, at) => at % 2 === 0 ? 15 << 3 : 0);
  const body = frameOf(gzipSync(message), { flag: 1 });
  const statuses = await repeatWhileAttacking(
    16,
    () => call(session.client, WHOAMI, body, { "grpc-encoding": "gzip" }),
  );
  return { outcome: inWords(statuses), faults: mustNotHave(statuses, "0") };
}

/** A message of a quarter of a MiB whose empty strings take many times that once decoded. */
export async function expandingFilter({ inventoryPort, attacker }: Target): Promise<AttackResult> {
  using session = open(inventoryPort);
  // A filter (field 1) of empty UUIDs (field 1).
  const filter = new Uint8Array(200_000).map((_, at) => at % 2 === 0 ? 0x0a : 0);
  const message = new Uint8Array(
    await new Blob([Uint8Array.of(0x0a, 0xc0, 0x9a, 0x0c), filter]).arrayBuffer(),
  );
  const headers = { "session-uuid": attacker.sessionUuid };
  const statuses = await repeatWhileAttacking(
    16,
    () => call(session.client, "/inventory.v1.InventoryService/ListParts", frameOf(message), headers),
  );
  return { outcome: inWords(statuses), faults: mustNotHave(statuses, "0") };
}

/** Connections that send nothing, to every door. */
export async function idleConnections(target: Target): Promise<AttackResult> {
  const ports = [target.iamPort, target.inventoryPort, target.orderPort];
  using sockets = await openSockets(ports.flatMap((port) => Array<number>(1_500).fill(port)));
  await pause(ATTACK_MS);
  return { outcome: `${sockets.opened} opened, ${sockets.closed()} closed by the other side`, faults: [] };
}

/** A thousand calls on four connections, each with the first half of its message. */
export async function unfinishedCalls({ iamPort }: Target): Promise<AttackResult> {
  const half = frameOf(new Uint8Array(30_000), { length: 60_000 });
  const sessions = Array.from({ length: 4 }, () => open(iamPort));
  let ended = 0;
  for (const { client } of sessions) {
    for (let count = 0; count < 250; count++) {
      const stream = client.request(headersOf(WHOAMI, {}), { endStream: false });
      stream.on("error", () => {});
      stream.on("close", () => ended++);
      stream.resume();
      stream.write(half);
    }
  }
  // A call without a deadline is ended 5 s after it began.
  await pause(ATTACK_MS + 2_000);
  for (const session of sessions) session[Symbol.dispose]();
  return {
    outcome: `${ended} of 1000 ended by the server`,
    faults: ended < 1_000 ? ["calls that never finish were kept"] : [],
  };
}

/** Calls of a method that does not exist, on one connection. */
export async function cheapFailures({ iamPort }: Target): Promise<AttackResult> {
  using session = open(iamPort);
  const statuses = await repeatWhileAttacking(
    64,
    () => call(session.client, "/no.such/Method", frameOf(new Uint8Array())),
  );
  return { outcome: inWords(statuses), faults: mustNotHave(statuses, "0") };
}

/** PING frames as fast as one connection takes them. */
export async function pingFlood({ iamPort }: Target): Promise<AttackResult> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: iamPort });
  const preface = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  const settings = Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0);
  const ping = Uint8Array.of(0, 0, 8, 6, 0, 0, 0, 0, 0, ...Array<number>(8).fill(1));
  const pings = new Uint8Array(ping.length * 100).map((_, at) => ping[at % ping.length] ?? 0);
  const reading = connection.readable.pipeTo(new WritableStream()).catch(() => {});
  const writer = connection.writable.getWriter();
  let sent = 0;
  const end = performance.now() + ATTACK_MS;
  try {
    await writer.write(preface);
    await writer.write(settings);
    for (; performance.now() < end; sent += 100) await writer.write(pings);
  } catch {
    return { outcome: `closed after ${sent} pings`, faults: [] };
  } finally {
    await writer.abort().catch(() => {});
    await reading;
  }
  return { outcome: `${sent} pings`, faults: [] };
}

/** Opens a connection. */
export function open(port: number): Disposable & { readonly client: ClientHttp2Session } {
  const client = connect(`http://127.0.0.1:${port}`);
  client.on("error", () => {});
  return { client, [Symbol.dispose]: () => client.destroy() };
}

function headersOf(path: string, headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers", ...headers };
}

/** Calls once. @returns The gRPC status, or how the call ended without one. */
export function call(
  client: ClientHttp2Session,
  path: string,
  body: Uint8Array,
  headers: OutgoingHttpHeaders = {},
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  if (client.closed || client.destroyed) return pause(10).then(() => "connection closed");
  const stream = client.request(headersOf(path, headers));
  const read = (received: Record<string, unknown>) => {
    if (received["grpc-status"] !== undefined) resolve(String(received["grpc-status"]));
  };
  stream.on("response", read);
  stream.on("trailers", read);
  stream.on("error", () => resolve("reset"));
  stream.on("close", () => resolve("closed"));
  stream.resume();
  stream.end(body);
  return promise;
}

function mustNotHave(statuses: ReadonlyMap<string, number>, status: string): readonly string[] {
  return statuses.has(status) ? [`${statuses.get(status)} calls were answered ${status}`] : [];
}
