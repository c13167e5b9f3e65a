import { createHash } from "node:crypto";
import { join } from "node:path";
import { UnusableFolder } from "../errors.ts";
import { exists, makePassable, removeFolder, tryLockFile } from "../files.ts";
import { type Account, canReach } from "./account.ts";
import { endOrphan } from "./processes.ts";

/** A folder for the stores' data, which the stores' account can reach. */
export interface Home extends AsyncDisposable {
  readonly folder: string;
  /** Whether the data are kept after this run. */
  readonly lasts: boolean;
}

const LASTING_ELSEWHERE = "/var/lib/rocket-factory";
const PREFIX = "rocket-backing-";

/** Where the data of a data folder are: in the folder, unless they had to go elsewhere. */
export async function lastingFolder(dataDir: string): Promise<string> {
  const outside = folderElsewhere(dataDir);
  return await exists(outside) ? outside : join(dataDir, "local");
}

function folderElsewhere(dataDir: string): string {
  return join(LASTING_ELSEWHERE, createHash("sha256").update(dataDir).digest("hex").slice(0, 12));
}

/**
 * Opens the home of data that last: inside the data folder, or, if the stores' account can't get in there (a clone in
 * root's home), under `/var/lib/rocket-factory`.
 *
 * @throws {UnusableFolder} when earlier data are in a folder that the account can't reach any more
 */
export async function lastingHome(dataDir: string, account: Account | undefined): Promise<Home> {
  let folder = await lastingFolder(dataDir);
  if (!await canReach(account, dataDir) && folder !== folderElsewhere(dataDir)) {
    if (await exists(folder)) {
      throw new UnusableFolder(
        `the account ${account?.name} can't reach the data in ${folder}: chmod o+x its parents`,
      );
    }
    folder = folderElsewhere(dataDir);
    await makePassable(LASTING_ELSEWHERE);
  }
  await makePassable(folder);
  return { folder, lasts: true, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** Deletes the home of data that last, if there is one, after ending the servers that a killed run left there. */
export async function removeLastingHome(dataDir: string): Promise<void> {
  const folder = await lastingFolder(dataDir);
  await endOrphans(folder);
  await removeFolder(folder);
}

/**
 * Makes a home for one run: disposing deletes it with all that is in it. What killed runs left behind is deleted first.
 */
export async function throwAwayHome(temp: string | undefined, account: Account | undefined): Promise<Home> {
  const base = temp && await canReach(account, temp) ? temp : "/tmp";
  await sweep(base);
  // A sweeper takes an unlocked folder for an abandoned one, so the folder gets its name after its lock.
  const draft = await Deno.makeTempDir({ dir: base, prefix: PREFIX, suffix: ".new" });
  await makePassable(draft);
  const lock = await tryLockFile(join(draft, "lock"));
  const folder = draft.slice(0, -".new".length);
  await Deno.rename(draft, folder);
  return {
    folder,
    lasts: false,
    async [Symbol.asyncDispose]() {
      await removeFolder(folder);
      lock?.close();
    },
  };
}

async function sweep(base: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(base)) {
    if (isDirectory && name.startsWith(PREFIX) && !name.endsWith(".new")) {
      await removeAbandoned(join(base, name));
    }
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  try {
    if ((await Deno.lstat(folder)).uid !== Deno.uid()) return;
    using lock = await tryLockFile(join(folder, "lock"));
    if (!lock) return;
    await endOrphans(folder);
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    // Its owner, or another sweeper, has just removed it.
    if (!(error instanceof Deno.errors.NotFound || error instanceof UnusableFolder)) throw error;
  }
}

async function endOrphans(folder: string): Promise<void> {
  await Promise.all(["postgres", "redis"].map((server) => endOrphan(join(folder, server))));
}
