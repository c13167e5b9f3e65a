import { type MethodDefinition, type ServiceDefinition } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import type { Probe } from "../core/probe.ts";
import { createClient } from "./client.ts";

/** Asks another service's `grpc.health.v1`, on a connection of its own, so that a busy client does not distort it. */
export interface HealthProbe extends AsyncDisposable {
  readonly probe: Probe;
}

/** The method in use of `grpc.health.v1.Health`. */
interface HealthDefinition extends ServiceDefinition {
  readonly Check: MethodDefinition<{ service: string }, { status: string }>;
}

/**
 * Creates a probe of a gRPC service.
 *
 * @param dependency The service's name, for failures.
 * @param target Where it listens, `host:port`.
 */
export function createHealthProbe(dependency: string, target: string): HealthProbe {
  // The library reads the definition from health.proto at run time, so its types name no method.
  const client = createClient(healthService as unknown as HealthDefinition, dependency, target);
  return {
    async probe() {
      const { status } = await client.Check({ service: "" });
      if (status !== "SERVING") throw new Error(`${dependency} is ${status}`);
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
