/**
 * What runs beside the services on a developer's machine. No service imports it.
 *
 * Permissions: {@link startBacking} needs `--allow-run` (servers, and the tools that make their data folders),
 * `--allow-read`, `--allow-write` (data and temporary folders), `--allow-env`, `--allow-sys`, and
 * `--allow-net=127.0.0.1,localhost,unix:/var/run/docker.sock` besides the hosts of servers that the environment names.
 */
export type { Backing, BackingOptions, BackingServer, BackingSource, StoreName } from "./backing/backing.ts";
export { dropBackingData, startBacking } from "./backing/start.ts";
export { type Variables, withServiceToken, withStores } from "./environment.ts";
export { DATABASES, DOORS, SERVICE_NAMES, type ServiceName, serviceOf, storesOf } from "./services.ts";
export { permissionFlags, UnusableConfig } from "./supervisor/configuration.ts";
export { seedInventory } from "./supervisor/start_services.ts";
