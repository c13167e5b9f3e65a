import type { Bound } from "./choose_way.ts";
import { keptFile } from "./docker/kept.ts";
import { BackingMisconfigured } from "./errors.ts";
import { exists } from "./exists.ts";
import { lastingFolder } from "./local/home.ts";

/**
 * What `BACKING` binds us to.
 *
 * @throws {BackingMisconfigured} when it is neither `docker` nor `local`
 */
export function boundByEnvironment(backing: string | undefined): Bound | undefined {
  switch (backing) {
    case undefined:
    case "":
      return undefined;
    case "docker":
    case "local":
      return { to: backing, because: `BACKING is ${backing}` };
    default:
      throw new BackingMisconfigured(`BACKING is "${backing}": it must be docker or local, or not be set`);
  }
}

/**
 * What the data of yesterday bind us to: an engine that answers today must not hide what the machine's own Postgres
 * has kept, nor the other way round.
 */
export async function boundByData(dataDir: string): Promise<Bound | undefined> {
  const [inDocker, inFolder] = await Promise.all([exists(keptFile(dataDir)), exists(lastingFolder(dataDir))]);
  if (inDocker === inFolder) return undefined;
  return inDocker
    ? { to: "docker", because: `the data of ${dataDir} are in Docker volumes (BACKING=local takes others)` }
    : { to: "local", because: `the data of ${dataDir} are in a local folder (BACKING=docker takes others)` };
}
