import { createHash } from "node:crypto";
import { join } from "node:path";
import { tryLockFile } from "../file_lock.ts";
import { type Account, canReach } from "./account.ts";
import { endOrphan } from "./orphan.ts";

/** A folder for servers' data, which the account of the servers can get at. */
export interface Home extends AsyncDisposable {
  readonly folder: string;
  /** Whether the data are to last beyond this run. */
  readonly lasts: boolean;
}

const LASTING_ELSEWHERE = "/var/lib/rocket-factory";
const PREFIX = "rocket-backing-";

/** Where data that last are found: a folder of the data folder, or a link in its place. */
export function lastingFolder(dataDir: string): string {
  return join(dataDir, "local");
}

/**
 * The home of data that last: inside the data folder, or, where servers' own account can't get in there (a clone in
 * root's home), under `/var/lib/rocket-factory`, with a link from the data folder.
 */
export async function lastingHome(dataDir: string, account: Account | undefined): Promise<Home> {
  const inside = lastingFolder(dataDir);
  await Deno.mkdir(inside, { recursive: true });
  await Deno.chmod(inside, 0o711);
  if (!await canReach(account, inside)) {
    const elsewhere = join(
      LASTING_ELSEWHERE,
      createHash("sha256").update(dataDir).digest("hex").slice(0, 12),
    );
    await Deno.mkdir(elsewhere, { recursive: true, mode: 0o711 });
    await Deno.remove(inside);
    await Deno.symlink(elsewhere, inside);
  }
  return { folder: await Deno.realPath(inside), lasts: true, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** Deletes the home of data that last, and the link to it, after ending what a killed run has left there. */
export async function removeLastingHome(dataDir: string): Promise<void> {
  const link = lastingFolder(dataDir);
  const folder = await Deno.realPath(link);
  await endOrphans(folder);
  await Deno.remove(folder, { recursive: true });
  if (folder !== await Deno.realPath(dataDir).then(lastingFolder)) await Deno.remove(link);
}

/**
 * A home for one run: disposing removes it with all that is in it. What runs that were killed have left behind is
 * removed first.
 */
export async function throwAwayHome(temp: string | undefined, account: Account | undefined): Promise<Home> {
  const base = await reachableTemp(temp, account);
  await sweep(base);
  // Whoever sweeps takes an unlocked folder for an abandoned one, so it gets its name after its lock.
  const draft = await Deno.makeTempDir({ dir: base, prefix: PREFIX, suffix: ".new" });
  await Deno.chmod(draft, 0o711);
  const lock = await tryLockFile(join(draft, "lock"));
  const folder = draft.slice(0, -".new".length);
  await Deno.rename(draft, folder);
  return {
    folder,
    lasts: false,
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
      await lock?.[Symbol.asyncDispose]();
    },
  };
}

async function reachableTemp(temp: string | undefined, account: Account | undefined): Promise<string> {
  return temp && await canReach(account, temp) ? temp : "/tmp";
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
    await using lock = await tryLockFile(join(folder, "lock"));
    if (!lock) return;
    await endOrphans(folder);
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    // Its owner, or another sweeper, has just removed it.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function endOrphans(folder: string): Promise<void> {
  await Promise.all(["postgres", "redis"].map((server) => endOrphan(join(folder, server))));
}
