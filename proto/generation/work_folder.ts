import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for what is written on the way; it goes, with all that is in it, when this is disposed of. */
export interface WorkFolder extends AsyncDisposable {
  readonly path: string;
}

/** Creates an empty folder among the system's temporary ones. */
export async function createWorkFolder(): Promise<WorkFolder> {
  const path = await mkdtemp(join(tmpdir(), "contracts-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
