/**
 * What runs beside the services on a developer's machine. No service imports it.
 *
 * Permissions: {@link startBacking} needs `--allow-run` (servers, and the tools that make their data folders),
 * `--allow-read`, `--allow-write` (data, temporary and cache folders), `--allow-env`, `--allow-sys`, and
 * `--allow-net=127.0.0.1,localhost,unix:/var/run/docker.sock` besides the hosts of servers that the environment names.
 */
export type { Backing, BackingOptions, BackingServer, BackingSource } from "./backing/backing.ts";
export { dropBackingData } from "./backing/drop.ts";
export { startBacking } from "./backing/start.ts";
export { backingVariables, DATABASES } from "./supervisor/backing_variables.ts";
export type { Variables } from "./supervisor/environment.ts";
export { permissionFlags, UnusableConfig } from "./supervisor/flags.ts";
export { SERVICE_NAMES, type ServiceName } from "./supervisor/services.ts";
export { withServiceToken } from "./supervisor/service_token.ts";
export { seedInventory } from "./supervisor/seed.ts";
