import { Writable } from "node:stream";
import type {
  Server,
  ServiceDefinition,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { takingAnyBytes } from "./undecodable.ts";

/** Where libraries add the services that they implement; disposing ends the streams left open. */
export interface HostedServices extends Disposable {
  addService(definition: ServiceDefinition, handlers: UntypedServiceImplementation): void;
}

/**
 * Gives libraries' services the manners of our own: bytes that can't be decoded are `INVALID_ARGUMENT`, and no
 * stream outlives the server.
 *
 * Dispose of it before the server is shut down: a stream ends with its client only, and would keep the server
 * until its grace is over.
 *
 * @param server As `createGrpcServer` made it.
 */
export function hostServices(server: Server): HostedServices {
  const open = new Set<Writable>();
  return {
    addService(definition, handlers) {
      const hosted = Object.entries(handlers).map(([name, handle]) => [name, host(handle, open)]);
      server.addService(takingAnyBytes(definition), Object.fromEntries(hosted));
    },
    [Symbol.dispose]: () => {
      for (const stream of open) stream.end();
    },
  };
}

function host(handle: UntypedHandleCall, open: Set<Writable>): UntypedHandleCall {
  return (call: unknown, ...rest: readonly unknown[]) => {
    // grpc-js types a handler as any of four kinds; which it is, the library knows that wrote it.
    (handle as (...args: readonly unknown[]) => void)(call, ...rest);
    if (!(call instanceof Writable)) return;
    open.add(call);
    // Comes at the end of every call, whoever ended it.
    call.on("cancelled", () => open.delete(call));
  };
}
