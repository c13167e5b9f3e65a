import {
  type handleUnaryCall,
  type Metadata,
  type MethodDefinition,
  type Server,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";
import { decodeStrictly } from "./strict_decoding.ts";
import { tolerateUndecodable } from "./undecodable.ts";

/**
 * One async function per method of a generated service: takes the request and the caller's metadata, returns the
 * response, throws failures.
 */
export type UnaryHandlers<Definition> = {
  readonly [Name in keyof Definition]: Definition[Name] extends
    MethodDefinition<infer Request, infer Response>
    ? (request: Request, metadata: Metadata) => Promise<Response>
    : never;
};

/**
 * Adds a generated service to a server.
 *
 * A message that can't be decoded is answered `INVALID_ARGUMENT`; `toGrpcStatus` converts what a handler throws.
 *
 * @param server Created by `createGrpcServer`.
 * @param definition A generated service, e.g. `AuthService`.
 */
export function addUnaryService<Definition extends ServiceDefinition>(
  server: Server,
  definition: Definition,
  handlers: UnaryHandlers<Definition>,
  log: Logger,
): void {
  const strict: Record<string, MethodDefinition<unknown, Buffer>> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(definition)) {
    // `UnaryHandlers` has one function per method of the definition; `Object.entries` loses its type.
    const handle = handlers[name as keyof typeof handlers] as (
      request: unknown,
      metadata: Metadata,
    ) => Promise<unknown>;
    strict[name] = {
      ...method,
      requestDeserialize: decodeStrictly(method.path, method.requestDeserialize),
      // The response is encoded by the handler below, so that a failure to encode it is caught there.
      responseSerialize: (encoded: Buffer) => encoded,
    };
    implementation[name] = adapt(
      async (request, metadata) => method.responseSerialize(await handle(request, metadata)),
      log,
    );
  }
  server.addService(tolerateUndecodable(strict), implementation);
}

function adapt(
  handle: (request: unknown, metadata: Metadata) => Promise<Buffer>,
  log: Logger,
): handleUnaryCall<unknown, Buffer> {
  return async ({ request, metadata }, callback) => {
    try {
      callback(null, await handle(request, metadata));
    } catch (error) {
      callback(toGrpcStatus(error, log));
    }
  };
}
