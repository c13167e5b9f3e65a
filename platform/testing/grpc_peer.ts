import { type Client, Metadata, type Server, type ServerInterceptor, type ServiceError } from "@grpc/grpc-js";
import type { UnaryMethod } from "../grpc/call.ts";
import { createGrpcClient, type GrpcClientClass } from "../grpc/client.ts";
import { createGrpcServer, listenGrpc } from "../grpc/server.ts";
import { type CapturedLog, captureLog } from "./captured_log.ts";

/** A gRPC server on a free port, with clients to it; disposing closes them all at once. */
export interface GrpcPeer extends AsyncDisposable {
  readonly server: Server;
  readonly target: string;
  readonly captured: CapturedLog;
  connect<T extends Client>(Client: GrpcClientClass<T>): T;
}

/** What is served. */
export interface GrpcPeerOptions {
  readonly interceptors?: readonly ServerInterceptor[];
  readonly captured?: CapturedLog;
  readonly addServices: (server: Server, captured: CapturedLog) => void;
}

/** Serves gRPC on a free port of 127.0.0.1. */
export async function serveGrpc(
  { interceptors = [], captured = captureLog(), addServices }: GrpcPeerOptions,
): Promise<GrpcPeer> {
  const server = createGrpcServer({ log: captured.log, interceptors });
  addServices(server, captured);
  const target = `127.0.0.1:${await listenGrpc(server, "127.0.0.1", 0)}`;
  const owned = new AsyncDisposableStack();
  owned.defer(() => server.forceShutdown());
  return {
    server,
    target,
    captured,
    connect: (Client) => owned.use(createGrpcClient(Client, target)).stub,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** How a call ended, whatever it said. */
export interface Outcome<Response> {
  /** 0 where it went well. */
  readonly code: number;
  readonly details: string;
  readonly response?: Response;
  /** The trailing metadata. */
  readonly trailers: Metadata;
}

/** Calls as any client would, with the metadata given and nothing of the platform's in between. */
export function send<Request, Response>(
  method: UnaryMethod<Request, Response>,
  request: Request,
  metadata: Readonly<Record<string, string | readonly string[]>> = {},
  deadlineMs = 10_000,
): Promise<Outcome<Response>> {
  const sent = new Metadata();
  for (const [key, values] of Object.entries(metadata)) {
    for (const value of [values].flat()) sent.add(key, value);
  }
  const { promise, resolve } = Promise.withResolvers<Outcome<Response>>();
  let error: ServiceError | null;
  let response: Response;
  const call = method(request, sent, { deadline: Date.now() + deadlineMs }, (...answer) => {
    [error, response] = answer;
  });
  // The status comes after the callback.
  call.on("status", ({ code, details, metadata: trailers }) => {
    resolve({ code, details, trailers, ...(error === null && { response }) });
  });
  return promise;
}
