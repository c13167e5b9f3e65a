import { resolve } from "node:path";
import { holdDataDir } from "./data_dir.ts";
import { findEngine, probeEngine } from "./docker/engine.ts";
import { keptFile, readKept } from "./docker/kept.ts";
import { exists } from "./exists.ts";
import { lastingFolder, removeLastingHome } from "./local/home.ts";

/**
 * Deletes the data that {@link import("./start.ts").startBacking} keeps for a data folder: folders and Docker volumes.
 *
 * @throws {import("./errors.ts").DataInUse} while a run works with the data
 * @throws {import("./errors.ts").WayUnavailable} when data are in Docker volumes and no engine answers
 */
export async function dropBackingData(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const folder = resolve(dataDir);
  if (!await exists(folder)) return;
  await using _lock = await holdDataDir(folder);
  if (await exists(lastingFolder(folder))) await removeLastingHome(folder);
  const kept = await readKept(folder);
  if (!kept) return;
  const engine = await findEngine(env);
  if (engine) await probeEngine(engine);
  // Loaded only where it is needed: testcontainers is a heavy library.
  const { dropVolumes } = await import("./docker/drop.ts");
  await dropVolumes(kept);
  await Deno.remove(keptFile(folder));
}
