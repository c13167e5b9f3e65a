import type { ServiceDefinition, StatusObject } from "@grpc/grpc-js";
import { InvalidArgument } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";

/** Takes the place of a message that can't be decoded. */
class Undecodable {
  constructor(readonly failure: InvalidArgument) {}
}

/**
 * Makes the deserializers of a service never throw, and leaves undecodable messages to `requestInterceptor`.
 *
 * If a deserializer throws, grpc-js answers `INTERNAL` before any interceptor sees the message.
 */
export function tolerateUndecodable(definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => {
      const requestDeserialize = (bytes: Buffer): unknown => {
        try {
          return method.requestDeserialize(bytes);
        } catch (error) {
          return new Undecodable(error instanceof InvalidArgument ? error : UNREADABLE);
        }
      };
      return [name, { ...method, requestDeserialize }];
    }),
  );
}

const UNREADABLE = new InvalidArgument([{
  field: "message",
  message: "can't be decoded as the method's request",
}]);

/** Returns the status to end the call with if a message could not be decoded; `undefined` if it could. */
export function undecodableStatus(message: unknown, log: Logger): StatusObject | undefined {
  return message instanceof Undecodable ? toGrpcStatus(message.failure, log) : undefined;
}
