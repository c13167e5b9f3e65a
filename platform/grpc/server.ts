import {
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServerOptions,
  setLogger,
} from "@grpc/grpc-js";
import { formatAddress } from "../core/address.ts";
import { CannotListen } from "../core/cannot_listen.ts";
import { createLoadShedder, type LoadShedder, type WorkKind } from "../core/load_shedder.ts";
import type { Logger } from "../log/logger.ts";
import { checkStreams } from "./admission.ts";
import { type Connections, limitConnections } from "./connection_limits.ts";
import { limitWork } from "./connection_work.ts";
import type { ClientSource } from "./read_client.ts";
import { createRequestBounds, type RequestBounds } from "./request_bounds.ts";
import { requestInterceptor } from "./request_interceptor.ts";
import { createStreamShedder } from "./stream_shedder.ts";

/** Options of {@linkcode createGrpcServer}. */
export interface GrpcServerOptions {
  readonly log: Logger;
  /** Run in this order, inside the request context: see `authInterceptor`. */
  readonly interceptors?: readonly ServerInterceptor[];
  /** The largest request message, in bytes; 64 KiB unless given. A larger one is answered `RESOURCE_EXHAUSTED`. */
  readonly maxRequestBytes?: number | undefined;
  /** The kind of a method's work, by its full path; by default `Get…` and `List…` read, and all others write. */
  readonly work?: Readonly<Record<string, WorkKind>> | undefined;
  /** Refuses calls that are too many; one with the usual limits unless given. */
  readonly shedder?: LoadShedder | undefined;
  /** Whom to believe about the address of a client; by default only its connection. */
  readonly clientSource?: ClientSource | undefined;
}

const MAX_REQUEST_BYTES = 64 * 1024;

const SERVER_OPTIONS: ServerOptions = {
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 5_000,
  // A client that has nothing to ask for so long dials again when it has.
  "grpc.max_connection_idle_ms": 300_000,
  // A single connection must not occupy the whole server.
  "grpc.max_concurrent_streams": 1_000,
  // Otherwise some platforms let a second server share the port silently; a taken port must be an error.
  "grpc.so_reuseport": 0,
};

/** A server whose requests are bounded while they arrive. */
export interface GrpcServer extends Server {
  readonly requests: RequestBounds;
  readonly connections: Connections;
}

/** Creates a server that gives each call a request context and logs it. Add services, then call `listenGrpc`. */
export function createGrpcServer(
  {
    log,
    interceptors = [],
    maxRequestBytes = MAX_REQUEST_BYTES,
    work = {},
    shedder = createLoadShedder(),
    clientSource,
  }: GrpcServerOptions,
): GrpcServer {
  // By default grpc-js writes unformatted lines to stderr, about errors that it also throws.
  setLogger({ error: (...words: readonly unknown[]) => log.debug({ words }, "grpc-js reported an error") });
  const server = new Server({
    ...SERVER_OPTIONS,
    "grpc.max_receive_message_length": maxRequestBytes,
    interceptors: [requestInterceptor(log, clientSource), ...interceptors],
  });
  const requests = createRequestBounds();
  checkStreams(server, requests, createStreamShedder({ shedder, bounds: requests, work, log }));
  limitWork(server);
  const connections = limitConnections(server);
  return Object.assign(server, { requests, connections });
}

/**
 * Binds the server to a port and starts accepting calls.
 *
 * @param credentials From `serverCredentials`; without TLS unless given.
 * @returns The bound port: the given one, or a free one if that is 0.
 * @throws {CannotListen} naming the address, if another process uses it or it does not belong to this machine.
 */
export function listenGrpc(
  server: Server,
  host: string,
  port: number,
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(formatAddress(host, port), credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(new CannotListen(host, port, { cause: error }));
    });
  });
}

/** How long a stop waits for requests that have begun to arrive, in milliseconds. */
const ARRIVAL_MS = 500;

/** How long clients may take to close their connections after their last call, in milliseconds. */
const PARTING_MS = 500;

/**
 * Stops a server: refuses new calls and waits up to `graceMs` milliseconds for running ones, then cancels them. Requests
 * that have not arrived completely after half a second are refused.
 */
export async function shutDownGrpc(server: GrpcServer, graceMs: number): Promise<void> {
  // grpc-js would wait for ever for a connection that was never used.
  await server.connections.closeUnused();
  const { promise: drained, resolve, reject } = Promise.withResolvers<void>();
  server.tryShutdown((error) => error === undefined ? resolve() : reject(error));
  const timers = [
    setTimeout(() => server.requests.refuseUnfinished(), Math.min(ARRIVAL_MS, graceMs)),
    setTimeout(resolve, graceMs),
  ];
  // A client that does not close its connection must not hold the stop.
  server.requests.whenIdle().then(() => timers.push(setTimeout(resolve, PARTING_MS)));
  try {
    await drained;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    server.forceShutdown();
  }
}
