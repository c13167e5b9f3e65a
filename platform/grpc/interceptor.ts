import { type Metadata, type ServerInterceptingCallInterface, type ServerInterceptor } from "@grpc/grpc-js";
import { ServerInterceptingCall } from "@grpc/grpc-js";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";

/** Runs work inside a context, e.g. `AsyncLocalStorage.run` with its store bound. */
export type ContextRunner = <T>(work: () => T) => T;

/** Decides on a call by its metadata: the context the rest of the call runs in, or a throw that ends it. */
export type CallGate = (metadata: Metadata) => Promise<ContextRunner>;

/**
 * Creates a server interceptor that lets a gate see each call's metadata before any message is read.
 *
 * What the gate returns is entered anew for each of the call's events, as each arrives from the socket
 * on its own, outside any asynchronous context. What the gate throws ends the call with its status.
 */
export function gateInterceptor(gate: CallGate, log: Logger): ServerInterceptor {
  return (_method, call) => {
    let run: ContextRunner = (work) => work();
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, pass) {
            gate(metadata).then(
              (runner) => {
                run = runner;
                run(() => pass(metadata));
              },
              (error: unknown) => refuse(call, error, log),
            );
          },
          onReceiveMessage: (message, pass) => run(() => pass(message)),
          onReceiveHalfClose: (pass) => run(() => pass()),
        });
      },
    });
  };
}

function refuse(call: ServerInterceptingCallInterface, error: unknown, log: Logger): void {
  call.sendStatus(toGrpcStatus(error, log));
}
