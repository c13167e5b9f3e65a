import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type ServiceName, servicesTouchedBy, WATCHED_FOLDERS } from "./services.ts";

/** Editors write a file in several steps; what changes within this long is one change. In milliseconds. */
const SETTLE_MS = 100;

/**
 * Tells which services' code has changed, until disposed.
 *
 * @param onChange Told once per change, however many files it touched.
 */
export function watchCode(
  root: URL,
  onChange: (services: readonly ServiceName[], path: string) => void,
): Disposable {
  const base = fileURLToPath(root);
  const watcher = Deno.watchFs(WATCHED_FOLDERS.map((folder) => `${base}${folder}`));
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
