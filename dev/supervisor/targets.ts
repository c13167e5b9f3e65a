import type { Variables } from "./environment.ts";

/** The services that others dial. */
const DIALLED = ["IAM", "INVENTORY", "PAYMENT"];

/** Addresses to listen on that nobody can dial. */
const EVERY_ADDRESS = ["0.0.0.0", "::"];

/**
 * Has callers dial services where they listen: on one machine a port that is moved takes its `…_GRPC_TARGET` along,
 * unless that is set as well. What is no port is left to the service to complain of.
 */
export function withTargets(env: Variables): Variables {
  const targets = DIALLED.flatMap((name) => {
    const { [`${name}_GRPC_HOST`]: host, [`${name}_GRPC_PORT`]: port = "" } = env;
    if (!/^[1-9][0-9]*$/.test(port)) return [];
    const dialled = host === undefined || host === "" || EVERY_ADDRESS.includes(host) ? "127.0.0.1" : host;
    return [[`${name}_GRPC_TARGET`, `${dialled}:${port}`]];
  });
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  return { ...env, ...Object.fromEntries(targets), ...given };
}
