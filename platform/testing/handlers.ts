import type { ServiceDefinition } from "@grpc/grpc-js";
import type { UnaryHandlers } from "../grpc/service.ts";

/** Handlers of all methods of a service; calls of those not given are rejected. */
export function handlersOf<Definition extends ServiceDefinition>(
  definition: Definition,
  given: Partial<UnaryHandlers<Definition>>,
): UnaryHandlers<Definition> {
  const rejecting = Object.keys(definition).map((name) =>
    [name, () => Promise.reject(new Error(`unexpected call of ${name}`))] as const
  );
  // Every method has a handler now; `Object.fromEntries` loses their names.
  return { ...Object.fromEntries(rejecting), ...given } as UnaryHandlers<Definition>;
}
