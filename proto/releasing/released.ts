import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buf } from "../generation/buf.ts";
import { findDocuments } from "../generation/contracts.ts";
import { createWorkFolder } from "../generation/work_folder.ts";

/** The released `.proto` files as one buf image; the released OpenAPI documents are beside it. */
export const IMAGE = "contracts.binpb";

/** The folder of what was released from a folder of contracts. */
export function releasedFolder(contracts: string): string {
  return join(contracts, "released");
}

/**
 * Makes the contracts of a folder the released ones. The same contracts always give the same files.
 *
 * @throws {DenoRunError} if a `.proto` file is malformed; what was released before is then kept.
 */
export async function releaseContracts(contracts: string): Promise<void> {
  await using work = await createWorkFolder();
  const fresh = join(work.path, "released");
  await mkdir(fresh);
  // Comments can't break a client; without them the image changes only if the contracts do.
  const image = join(fresh, IMAGE);
  await buf(["build", contracts, "--exclude-source-info", "--output", image], join(work.path, "cache"));
  for (const path of await findDocuments(contracts)) {
    await mkdir(dirname(join(fresh, path)), { recursive: true });
    await cp(join(contracts, path), join(fresh, path));
  }
  await rm(releasedFolder(contracts), { recursive: true, force: true });
  await cp(fresh, releasedFolder(contracts), { recursive: true });
}
