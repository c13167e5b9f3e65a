import { join } from "node:path";
import { DataInUse } from "./errors.ts";
import { type FileLock, tryLockFile } from "./file_lock.ts";

/**
 * Makes the data folder if need be and holds it for this process alone, until disposed.
 *
 * @throws {DataInUse} when another process, or another part of this one, holds it
 */
export async function holdDataDir(dataDir: string): Promise<FileLock> {
  await Deno.mkdir(dataDir, { recursive: true });
  const path = join(dataDir, "lock");
  const lock = await tryLockFile(path);
  if (!lock) throw new DataInUse(dataDir, await Deno.readTextFile(path));
  await lock.sign(String(Deno.pid));
  return lock;
}
