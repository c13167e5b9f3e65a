import { type Metadata, type ServerInterceptingCallInterface, type ServerInterceptor } from "@grpc/grpc-js";
import { ServerInterceptingCall } from "@grpc/grpc-js";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";

/** Runs work inside a context, e.g. `AsyncLocalStorage.run` with a given store. */
export type ContextRunner = <T>(work: () => T) => T;

/** Checks a call's metadata. Returns the context that the rest of the call runs in; throws to end the call. */
export type CallGate = (metadata: Metadata) => Promise<ContextRunner>;

/**
 * Creates a server interceptor that passes each call's metadata to a gate before any message is read.
 *
 * The context is entered again for each event of the call, because each arrives from the socket outside of any
 * asynchronous context. An error thrown by the gate ends the call with the status of the error.
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
