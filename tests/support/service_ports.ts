import type { ServiceName, Variables } from "@rocket/dev";
import { freePort } from "@rocket/platform/free-port";

/** Whether this machine has an IPv6 loopback address; many containers have none. */
export const HAS_IPV6 = Deno.networkInterfaces().some(({ address }) => address === "::1");

/** A port for every service. */
export type ServicePorts = Readonly<Record<ServiceName, number>>;

/** Finds a free port for every service. */
export function freeServicePorts(): ServicePorts {
  return { iam: freePort(), inventory: freePort(), payment: freePort(), order: freePort() };
}

/** The variables that make services listen on these ports of 127.0.0.1, and reach each other there. */
export function portVariables({ order, ...grpc }: ServicePorts): Variables {
  const variables = Object.entries(grpc).flatMap(([name, port]) => [
    [`${name.toUpperCase()}_GRPC_PORT`, String(port)],
    [`${name.toUpperCase()}_GRPC_TARGET`, `127.0.0.1:${port}`],
  ]);
  return { ...Object.fromEntries(variables), ORDER_HTTP_PORT: String(order) };
}
