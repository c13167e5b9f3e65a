import {
  type ChannelCredentials,
  type Client,
  credentials,
  type Server,
  type ServerInterceptor,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import type { LoadShedder } from "../core/load_shedder.ts";
import type { ClientSource } from "../grpc/read_client.ts";
import { createGrpcServer, type GrpcServer, listenGrpc } from "../grpc/server.ts";
import { serverCredentials } from "../grpc/tls_credentials.ts";
import type { TlsFiles } from "../tls/tls_files.ts";
import { type CapturedLog, captureLog } from "./captured_log.ts";
import { createRawClient, type RawClient } from "./raw_client.ts";

/** A client class of grpc-js, e.g. from `makeClientConstructor`. */
export type ClientClass<T extends Client> = new (target: string, credentials: ChannelCredentials) => T;

/** A gRPC server on a free port, with clients to it; disposing closes them immediately. */
export interface GrpcPeer extends AsyncDisposable {
  readonly server: GrpcServer;
  readonly target: string;
  readonly captured: CapturedLog;
  /** Creates a client of a service's unary methods. */
  connect<Definition extends ServiceDefinition>(definition: Definition): RawClient<Definition>;
  /** Creates a grpc-js client, for streaming methods. */
  stub<T extends Client>(Class: ClientClass<T>): T;
}

/** Options of {@linkcode serveGrpc}. */
export interface GrpcPeerOptions {
  readonly interceptors?: readonly ServerInterceptor[];
  readonly captured?: CapturedLog;
  readonly shedder?: LoadShedder;
  readonly clientSource?: ClientSource;
  /** A free one unless given. */
  readonly port?: number;
  /** What the server shows; the clients of the peer speak without TLS. */
  readonly tls?: TlsFiles | undefined;
  readonly addServices: (server: Server, captured: CapturedLog) => void;
}

/** Serves gRPC on 127.0.0.1. */
export async function serveGrpc(
  { interceptors = [], captured = captureLog(), shedder, clientSource, port = 0, tls, addServices }:
    GrpcPeerOptions,
): Promise<GrpcPeer> {
  const server = createGrpcServer({ log: captured.log, interceptors, shedder, clientSource });
  addServices(server, captured);
  const bound = await listenGrpc(server, "127.0.0.1", port, serverCredentials(tls));
  const target = `127.0.0.1:${bound}`;
  const owned = new AsyncDisposableStack();
  owned.defer(() => server.forceShutdown());
  return {
    server,
    target,
    captured,
    connect: (definition) => owned.use(createRawClient(definition, target)),
    stub(Class) {
      const stub = new Class(target, credentials.createInsecure());
      owned.defer(() => stub.close());
      return stub;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
