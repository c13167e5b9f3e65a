import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { SERVICE_NAMES, type ServiceName } from "../services.ts";

/** Folders with code that every service runs. */
const SHARED = ["platform", "proto"];

/** Code, as editors and tools write many other files: drafts, backups, locks. */
const CODE = /(?:^|\/)[^/.#~][^/]*(?<!_test)\.ts$/;

/** The folders to watch, from the root of the workspace. */
const WATCHED: readonly string[] = [...SHARED, ...SERVICE_NAMES, "migrations"];

/** Editors write a file in several steps; changes within this time count as one. In milliseconds. */
const SETTLE_MS = 100;

/**
 * Watches the code of the services until disposed.
 *
 * @param onChange Called once per change, however many files it touched.
 */
export function watchCode(
  root: URL,
  onChange: (services: readonly ServiceName[], path: string) => void,
): Disposable {
  const base = fileURLToPath(root);
  const watcher = Deno.watchFs(WATCHED.map((folder) => `${base}${folder}`));
  const touched = new Set<ServiceName>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = async () => {
    for await (const { kind, paths } of watcher) {
      if (kind === "access") continue;
      for (const path of paths.map((absolute) => relative(base, absolute))) {
        const services = servicesTouchedBy(path);
        if (services.length === 0) continue;
        for (const service of services) touched.add(service);
        clearTimeout(timer);
        timer = setTimeout(() => {
          onChange([...touched], path);
          touched.clear();
        }, SETTLE_MS);
      }
    }
  };
  follow();
  return {
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/**
 * Finds the services that must start again after a file has changed.
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
