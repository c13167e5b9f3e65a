import { type MethodDefinition, type ServiceDefinition } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import type { Probe } from "../core/probe.ts";
import type { TlsFiles } from "../tls/tls_files.ts";
import { createClient } from "./client.ts";

/** Checks another service's `grpc.health.v1`, over a separate connection so that busy clients don't slow it down. */
export interface HealthProbe extends AsyncDisposable {
  readonly probe: Probe;
}

/** The only method of `grpc.health.v1.Health` that we call. */
interface HealthDefinition extends ServiceDefinition {
  readonly Check: MethodDefinition<{ service: string }, { status: string }>;
}

/**
 * Creates a probe of a gRPC service.
 *
 * @param dependency The service's name, for failures.
 * @param target Address of the service, `host:port`.
 * @param tls As for `createClient`.
 */
export function createHealthProbe(dependency: string, target: string, tls?: TlsFiles): HealthProbe {
  // The library loads the definition from health.proto at run time, so its type lists no methods.
  const client = createClient(healthService as unknown as HealthDefinition, dependency, target, tls);
  return {
    async probe() {
      const { status } = await client.Check({ service: "" });
      if (status !== "SERVING") throw new Error(`${dependency} is ${status}`);
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
