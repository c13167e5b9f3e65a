import type { Server } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import { hostServices } from "./hosted_services.ts";

/** Sets what `grpc.health.v1` reports for a server; disposing ends the `Watch` streams. */
export interface Health extends Disposable {
  /** Reports `SERVING`: the stores answer and the port is bound. */
  serving(): void;
  /** Reports `NOT_SERVING`: clients should call another replica. */
  notServing(): void;
}

/**
 * Adds `grpc.health.v1.Health` to a server; it starts as `NOT_SERVING`. Dispose of it before the server is shut down.
 *
 * @param services The full names of the reported services; the empty name (the whole server) is always included.
 */
export function addHealth(server: Server, services: readonly string[]): Health {
  const names = ["", ...services];
  const implementation = new HealthImplementation();
  const set = (status: "SERVING" | "NOT_SERVING") => {
    for (const name of names) implementation.setStatus(name, status);
  };
  set("NOT_SERVING");
  const hosted = hostServices(server);
  implementation.addToServer(hosted);
  return {
    serving: () => set("SERVING"),
    notServing: () => set("NOT_SERVING"),
    [Symbol.dispose]: () => hosted[Symbol.dispose](),
  };
}
