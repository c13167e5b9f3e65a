import { type Client, makeClientConstructor } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import type { Probe } from "../core/probe.ts";
import { callUnary, type UnaryMethod } from "./call.ts";
import { createGrpcClient } from "./client.ts";

/** Asks another service's `grpc.health.v1`; own connection, so that it tells of the service and not of a busy client. */
export interface HealthProbe extends AsyncDisposable {
  readonly probe: Probe;
}

/** The one method used of the health client, whose types grpc-js can't know. */
interface HealthClient extends Client {
  check: UnaryMethod<{ service: string }, { status: string }>;
}

/**
 * Creates a probe of a gRPC service.
 *
 * @param dependency The service's name, for failures.
 * @param target Where it listens, `host:port`.
 */
export function createHealthProbe(dependency: string, target: string): HealthProbe {
  // grpc-js makes the client from a definition read at run time: its methods are those of health.proto.
  const HealthClient = makeClientConstructor(healthService, "grpc.health.v1.Health") as unknown as new (
    ...args: ConstructorParameters<typeof Client>
  ) => HealthClient;
  const client = createGrpcClient(HealthClient, target);
  return {
    async probe() {
      const { status } = await callUnary(dependency, client.stub.check.bind(client.stub), { service: "" });
      if (status !== "SERVING") throw new Error(`${dependency} is ${status}`);
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
