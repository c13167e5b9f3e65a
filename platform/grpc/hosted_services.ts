import { Writable } from "node:stream";
import {
  type Server,
  type ServiceDefinition,
  status as Code,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { tolerateUndecodable } from "./undecodable.ts";

/** Accepts services that libraries implement; disposing ends their open streams. */
export interface HostedServices extends Disposable {
  addService(definition: ServiceDefinition, handlers: UntypedServiceImplementation): void;
}

/**
 * Makes services implemented by libraries behave like our own: a message that can't be decoded is answered
 * `INVALID_ARGUMENT`, no more than 100 streams are open at the same time, and none outlives the server.
 *
 * Dispose of it before the server is shut down. Otherwise a stream ends only when its client ends it, and the shutdown
 * takes its whole grace period.
 *
 * @param server Created by `createGrpcServer`.
 */
export function hostServices(server: Server): HostedServices {
  const open = new Set<Writable>();
  return {
    addService(definition, handlers) {
      const hosted = Object.entries(handlers).map(([name, handle]) => [name, host(handle, open)]);
      server.addService(tolerateUndecodable(definition), Object.fromEntries(hosted));
    },
    [Symbol.dispose]: () => {
      for (const stream of open) stream.end();
    },
  };
}

/** How many streams of hosted services may be open at the same time. */
export const MAX_HOSTED_STREAMS = 100;

const TOO_MANY = { code: Code.RESOURCE_EXHAUSTED, details: "too many streams are open" };

function host(handle: UntypedHandleCall, open: Set<Writable>): UntypedHandleCall {
  return (call: unknown, ...rest: readonly unknown[]) => {
    if (call instanceof Writable && open.size >= MAX_HOSTED_STREAMS) {
      // grpc-js ends the call with the status that is emitted as its error.
      call.emit("error", TOO_MANY);
      return;
    }
    // grpc-js types a handler as one of four kinds; only the library knows which, so the arguments are passed unchanged.
    (handle as (...args: readonly unknown[]) => void)(call, ...rest);
    if (!(call instanceof Writable)) return;
    open.add(call);
    // Emitted at the end of every call, not only of cancelled ones.
    call.on("cancelled", () => open.delete(call));
  };
}
