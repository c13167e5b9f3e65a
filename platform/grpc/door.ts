import type { Server, ServerInterceptor, ServiceDefinition } from "@grpc/grpc-js";
import { formatAddress } from "../core/address.ts";
import type { Door } from "../core/door.ts";
import type { LoadShedder, WorkKind } from "../core/load_shedder.ts";
import { createOwnPortProbe } from "../core/own_port.ts";
import type { Logger } from "../log/logger.ts";
import type { TlsFiles } from "../tls/tls_files.ts";
import { addHealth } from "./health.ts";
import type { ClientSource } from "./read_client.ts";
import { addReflection } from "./reflection.ts";
import { createGrpcServer, type GrpcServer, listenGrpc, shutDownGrpc } from "./server.ts";
import { addUnaryService, type UnaryHandlers } from "./service.ts";
import { serverCredentials } from "./tls_credentials.ts";

/** A generated service with its handlers, ready to be added to a server. */
export interface RpcService {
  /** `package.Service`. */
  readonly name: string;
  addTo(server: Server, log: Logger): void;
}

/** Pairs a generated service, e.g. `AuthService`, with its handlers. */
export function rpcService<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: UnaryHandlers<Definition>,
): RpcService {
  // Every path has the form `/package.Service/Method`.
  const name = Object.values(definition)[0]?.path.split("/")[1] ?? "";
  return { name, addTo: (server, log) => addUnaryService(server, definition, handlers, log) };
}

/** Options of {@linkcode createGrpcDoor}. */
export interface GrpcDoorOptions {
  readonly log: Logger;
  readonly host: string;
  /** 0 for a free port. */
  readonly port: number;
  /** What the door shows its clients; without it there is no TLS. */
  readonly tls?: TlsFiles | undefined;
  /** Run in this order, inside the request context: see `authInterceptor`. */
  readonly interceptors?: readonly ServerInterceptor[];
  readonly services: readonly RpcService[];
  /** Whether clients may list and describe the services by reflection; not by default. */
  readonly reflection?: boolean;
  /** The largest request message of these services, in bytes; see `createGrpcServer`. */
  readonly maxRequestBytes?: number;
  /** The kind of a method's work, by its full path; by default `Get…` and `List…` read, and all others write. */
  readonly work?: Readonly<Record<string, WorkKind>>;
  /** Refuses calls that are too many. Give the doors of a service the same one. */
  readonly shedder?: LoadShedder;
  /** Whom to believe about the address of a client; by default only its connection. */
  readonly clientSource?: ClientSource;
}

/** A gRPC port of a service. */
export interface GrpcDoor extends Door {
  readonly server: GrpcServer;
}

/** Creates a gRPC door with its services and `grpc.health.v1`, which reports the service's readiness. */
export function createGrpcDoor(
  {
    log,
    host,
    port,
    tls,
    interceptors = [],
    services,
    reflection = false,
    maxRequestBytes,
    work,
    shedder,
    clientSource,
  }: GrpcDoorOptions,
): GrpcDoor {
  const server = createGrpcServer({ log, interceptors, maxRequestBytes, work, shedder, clientSource });
  for (const service of services) service.addTo(server, log);
  const names = services.map(({ name }) => name);
  const credentials = serverCredentials(tls);
  return {
    server,
    async open() {
      const health = addHealth(server, names);
      const reflecting = reflection ? addReflection(server, names, log) : undefined;
      const bound = await listenGrpc(server, host, port, credentials);
      const address = formatAddress(host, bound);
      let isClosing = false;
      const reopen = async () => {
        if (isClosing) return;
        log.error({ address }, "port accepts no connections; reopening it");
        server.unbind(address);
        await listenGrpc(server, host, bound, credentials);
      };
      return {
        address,
        setReady: (isReady) => isReady ? health.serving() : health.notServing(),
        // Without TLS the server speaks first; with it, it refuses what is not a handshake.
        probe: createOwnPortProbe({ host, port: bound, request: tls && "no handshake", reopen }),
        async close(graceMs) {
          isClosing = true;
          health[Symbol.dispose]();
          reflecting?.[Symbol.dispose]();
          await shutDownGrpc(server, graceMs);
        },
      };
    },
  };
}
