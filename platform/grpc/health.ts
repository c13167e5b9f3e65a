import type { Server } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import { hostServices } from "./hosted_services.ts";

/** Tells whoever asks `grpc.health.v1` whether this server wants calls; disposing ends the streams that watch. */
export interface Health extends Disposable {
  /** From now on: ready, stores answer and the port is bound. */
  serving(): void;
  /** From now on: send calls elsewhere. */
  notServing(): void;
}

/**
 * Adds `grpc.health.v1.Health` to a server, not serving yet. Dispose of it before the server is shut down.
 *
 * @param services The full names of the services it speaks for; the empty name, the whole server, is always there.
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
