import { createHash } from "node:crypto";
import { join } from "node:path";
import { makePassable, removeFolder, tryLockFile } from "../files.ts";
import { STORE_NAMES } from "../stores.ts";
import { canReach, serverAccount } from "./account.ts";
import { endOrphan } from "./processes.ts";

/** A folder for the stores' data, which the stores' account can reach. */
export interface Home extends AsyncDisposable {
  readonly folder: string;
  /** Whether the data are kept after this run. */
  readonly lasts: boolean;
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
  return { folder, lasts: true, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/**
 * Makes a home for one run: disposing deletes it with all that is in it. What a killed run has left in the same place is
 * deleted first.
 *
 * @throws {import("../errors.ts").UnusableFolder}
 */
export async function temporaryHome(temp: string | undefined): Promise<Home> {
  const isUsable = temp && await canReach(await serverAccount(), temp);
  const base = join(isUsable ? temp : "/tmp", `rocket-factory-${Deno.uid()}`);
  await makePassable(base);
  for (let place = 0;; place++) {
    const folder = join(base, String(place));
    const lock = await tryLockFile(`${folder}.lock`);
    if (!lock) continue;
    await removeHome(folder);
    await makePassable(folder);
    return {
      folder,
      lasts: false,
      async [Symbol.asyncDispose]() {
        await removeFolder(folder);
        lock[Symbol.dispose]();
      },
    };
  }
}

/** Deletes a home, if it is there, after ending the servers that a killed run left in it. */
export async function removeHome(folder: string): Promise<void> {
  await Promise.all(STORE_NAMES.map((server) => endOrphan(join(folder, server))));
  await removeFolder(folder);
}
