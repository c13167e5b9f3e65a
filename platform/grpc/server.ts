import {
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServerOptions,
  setLogger,
} from "@grpc/grpc-js";
import { formatAddress } from "../core/address.ts";
import { CannotListen } from "../core/cannot_listen.ts";
import type { Logger } from "../log/logger.ts";
import { checkStreams } from "./admission.ts";
import { requestInterceptor } from "./request_interceptor.ts";
import { undecodableInterceptor } from "./undecodable.ts";

/** A gRPC server's address, interceptors and patience. */
export interface GrpcServerOptions {
  readonly log: Logger;
  /** Run in this order, inside the request context: see `authInterceptor`. */
  readonly interceptors?: readonly ServerInterceptor[];
}

const SERVER_OPTIONS: ServerOptions = {
  // The largest request of the contracts, a filter of some thousand values, is far below this.
  "grpc.max_receive_message_length": 1024 * 1024,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 5_000,
  // One connection may not keep the server busy for all others.
  "grpc.max_concurrent_streams": 1_000,
  // Some platforms let a second server share a port silently; a taken port must be an error.
  "grpc.so_reuseport": 0,
};

/** Creates a server whose calls carry a request context and are logged; add services, then `listen`. */
export function createGrpcServer({ log, interceptors = [] }: GrpcServerOptions): Server {
  // grpc-js writes to stderr, in no format of ours, what it also throws.
  setLogger({ error: (...words: readonly unknown[]) => log.debug({ words }, "grpc-js says") });
  const server = new Server({
    ...SERVER_OPTIONS,
    interceptors: [requestInterceptor(log), undecodableInterceptor(log), ...interceptors],
  });
  checkStreams(server);
  return server;
}

/**
 * Binds the server's port and accepts calls from then on.
 *
 * @returns The port bound: the one asked for, or a free one where that is 0.
 * @throws {CannotListen} naming the address, where another process has it or it is not ours.
 */
export function listenGrpc(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(formatAddress(host, port), ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(new CannotListen(host, port, { cause: error }));
    });
  });
}

/** Stops a server: takes no new call and finishes those under way, for `graceMs` milliseconds at most. */
export async function shutDownGrpc(server: Server, graceMs: number): Promise<void> {
  const { promise: drained, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => server.forceShutdown(), graceMs);
  server.tryShutdown((error) => error === undefined ? resolve() : reject(error));
  try {
    await drained;
  } finally {
    clearTimeout(timer);
  }
}
