import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder, which is removed with its contents when this is disposed of. */
export interface WorkFolder extends AsyncDisposable {
  readonly path: string;
}

/** Creates an empty temporary folder. */
export async function createWorkFolder(): Promise<WorkFolder> {
  const path = await mkdtemp(join(tmpdir(), "contracts-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
