import { DOORS, type Variables } from "@rocket/dev";
import { freePort } from "@rocket/platform/free-port";

/** Whether this machine has an IPv6 loopback address; many containers have none. */
export const HAS_IPV6 = Deno.networkInterfaces().some(({ address }) => address === "::1");

/** A port for every door, by the variable that sets it, e.g. `IAM_GRPC_PORT`. */
export type DoorPorts = Readonly<Record<string, number>>;

/** Finds a free port for every door. */
export function freeDoorPorts(): DoorPorts {
  return Object.fromEntries(DOORS.map(({ portVariable }) => [portVariable, freePort()]));
}

/** The variables that make services listen on these ports of 127.0.0.1, and reach each other there. */
export function portVariables(ports: DoorPorts): Variables {
  return Object.fromEntries(DOORS.flatMap(({ portVariable, targetVariable }) => {
    const port = String(ports[portVariable]);
    const target = targetVariable === undefined ? [] : [[targetVariable, `127.0.0.1:${port}`] as const];
    return [[portVariable, port] as const, ...target];
  }));
}
