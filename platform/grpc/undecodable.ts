import { ServerInterceptingCall, type ServerInterceptor, type ServiceDefinition } from "@grpc/grpc-js";
import { InvalidArgument } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";

/** Takes the place of a message that can't be decoded. */
const UNDECODABLE = Symbol("undecodable");

/**
 * Makes the deserializers of a service never throw, and leaves undecodable messages to `undecodableInterceptor`.
 *
 * If a deserializer throws, grpc-js answers `INTERNAL` before any interceptor sees the message.
 */
export function tolerateUndecodable(definition: ServiceDefinition): ServiceDefinition {
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
