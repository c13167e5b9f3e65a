import { createHash } from "node:crypto";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { makePassable, removeFolder, tryLockFile } from "../files.ts";
import { STORE_NAMES } from "../stores.ts";
import { canReach, serverAccount } from "./account.ts";
import { endOrphan } from "./processes.ts";

/** A folder for the stores' data, which the stores' account can reach. */
export interface Home extends AsyncDisposable {
  readonly folder: string;
  /** The folder for what later runs use again, or `undefined` if the data themselves are kept after this run. */
  readonly reused: string | undefined;
}

const LASTING_ELSEWHERE = "/var/lib/rocket-factory";

/**
 * Finds where the data of a data folder are: inside it, or, if the stores' account can't get in there (a clone in root's
 * home), under `/var/lib/rocket-factory`.
 *
 * @param dataDir An existing folder.
 */
export async function lastingFolder(dataDir: string): Promise<string> {
  if (await canReach(await serverAccount(), dataDir)) return join(dataDir, "local");
  return join(LASTING_ELSEWHERE, createHash("sha256").update(dataDir).digest("hex").slice(0, 12));
}

/** Opens the home of data that last. */
export async function lastingHome(dataDir: string): Promise<Home> {
  const folder = await lastingFolder(dataDir);
  if (folder.startsWith(LASTING_ELSEWHERE)) await makePassable(LASTING_ELSEWHERE);
  await makePassable(folder);
  return { folder, reused: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/**
 * Makes a home for one run: disposing deletes it with all that is in it. What a killed run has left in the same place is
 * deleted first.
 *
 * @param temp The folder for temporary files that the environment names; not used if the stores' account can't reach it.
 * @throws {import("../errors.ts").UnusableFolder}
 */
export async function temporaryHome(temp: string | undefined): Promise<Home> {
  const named = temp && await canReach(await serverAccount(), temp) ? temp : undefined;
  const reused = await makeOurs(named ?? DISK);
  const base = await makeOurs(named ?? await temporaryPlace());
  for (let place = 0;; place++) {
    const folder = join(base, String(place));
    const lock = await tryLockFile(`${folder}.lock`);
    if (!lock) continue;
    await removeHome(folder);
    await makePassable(folder);
    return {
      folder,
      reused,
      async [Symbol.asyncDispose]() {
        await removeFolder(folder);
        lock[Symbol.dispose]();
      },
    };
  }
}

/**
 * Where temporary data are if the environment names no folder for them: in memory if there is much room, else `/tmp`. A
 * Postgres makes over a thousand files, which on disk takes longer than all its other work.
 */
export async function temporaryPlace(): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(MEMORY);
    return bavail * bsize >= ROOM_BYTES ? MEMORY : DISK;
  } catch (error) {
    if (isMissing(error)) return DISK;
    throw error;
  }
}

/** Not every system has it, and Deno opens it only to a program that may do everything. */
function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable ||
    error instanceof Error && "code" in error && error.code === "ENOENT";
}

const DISK = "/tmp";

const MEMORY = "/dev/shm";

/** Far more than the stores of several runs need; a container usually has 64 MiB. */
const ROOM_BYTES = 2 * 1024 ** 3;

/** Makes our own folder in one that all accounts share. */
async function makeOurs(shared: string): Promise<string> {
  const folder = join(shared, `rocket-factory-${Deno.uid()}`);
  await makePassable(folder);
  return folder;
}

/** Deletes a home, if it is there, after ending the servers that a killed run left in it. */
export async function removeHome(folder: string): Promise<void> {
  await Promise.all(STORE_NAMES.map((server) => endOrphan(join(folder, server))));
  await removeFolder(folder);
}
