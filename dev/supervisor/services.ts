/** The services that run under `dev`, in the order a request meets them from the back. */
export const SERVICE_NAMES = ["iam", "inventory", "payment", "order"] as const;

/** One of the services that run under `dev`. */
export type ServiceName = typeof SERVICE_NAMES[number];

/** Folders whose code every service runs. */
const SHARED = ["platform", "proto"];

/** Code, as editors and tools write many other files: drafts, backups, locks. */
const CODE = /(?:^|\/)[^/.#~][^/]*(?<!_test)\.ts$/;

/**
 * Which services must start again after a file has changed.
 *
 * @param path From the root of the workspace, e.g. `iam/service/login.ts`.
 */
export function servicesTouchedBy(path: string): readonly ServiceName[] {
  if (!CODE.test(path)) return [];
  const [room = "", next] = path.split("/");
  if (SHARED.includes(room)) return SERVICE_NAMES;
  const owner = room === "migrations" ? next : room;
  return SERVICE_NAMES.filter((name) => name === owner);
}

/** The folders to watch, from the root of the workspace. */
export const WATCHED_FOLDERS: readonly string[] = [...SHARED, ...SERVICE_NAMES, "migrations"];
