import { ServerInterceptingCall, type ServerInterceptor, type ServiceDefinition } from "@grpc/grpc-js";
import { InvalidArgument } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";

/** Stands in a call for a message whose bytes are none. */
const UNDECODABLE = Symbol("undecodable");

/**
 * Lets a service's methods take any bytes for a message; those that are none, `undecodableInterceptor` answers.
 *
 * grpc-js answers `INTERNAL`, below all interceptors, where a deserializer throws: so these never do.
 */
export function takingAnyBytes(definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => {
      const requestDeserialize = (bytes: Buffer): unknown => {
        try {
          return method.requestDeserialize(bytes);
        } catch {
          return UNDECODABLE;
        }
      };
      return [name, { ...method, requestDeserialize }];
    }),
  );
}

const VIOLATION = { field: "message", message: "can't be decoded as the method's request" };

/** Creates the interceptor that answers a message which can't be decoded with `INVALID_ARGUMENT`. */
export function undecodableInterceptor(log: Logger): ServerInterceptor {
  return (_method, call) => {
    let isRefused = false;
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMessage(message, pass) {
            if (isRefused) return;
            if (message !== UNDECODABLE) return pass(message);
            isRefused = true;
            call.sendStatus(toGrpcStatus(new InvalidArgument([VIOLATION]), log));
          },
          onReceiveHalfClose: (pass) => isRefused ? undefined : pass(),
        });
      },
    });
  };
}
