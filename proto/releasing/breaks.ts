import { join } from "node:path";
import { buf } from "../generation/buf.ts";
import { findDocuments } from "../generation/contracts.ts";
import { redocly } from "../generation/redocly.ts";
import { DenoRunError } from "../generation/run_deno.ts";
import { createWorkFolder } from "../generation/work_folder.ts";
import { IMAGE, releasedFolder } from "./released.ts";

/** The exit codes that say that contracts were compared and refused. */
const REFUSED = { buf: 100, redocly: 1 };

/**
 * Compares the contracts of a folder with those released from it, and tells what breaks clients of the latter.
 *
 * What a break is, say `buf.yaml` for the `.proto` files and `redocly.yaml` for the OpenAPI documents.
 *
 * @returns What buf and Redocly say, where they refuse the contracts; nothing where every client can go on.
 * @throws {DenoRunError} When nothing was released yet, or a `.proto` file is badly formed.
 */
export async function findBreaks(contracts: string): Promise<readonly string[]> {
  await using work = await createWorkFolder();
  const released = releasedFolder(contracts);
  const compareImage = ["breaking", contracts, "--against", join(released, IMAGE)];
  const refusals = [await refusal(buf(compareImage, work.path, { quiet: true }), REFUSED.buf)];
  for (const path of await findDocuments(released)) {
    const compareDocument = ["diff", join(released, path), join(contracts, path)];
    refusals.push(await refusal(redocly(compareDocument), REFUSED.redocly));
  }
  return refusals.filter((words) => words !== undefined);
}

async function refusal(comparison: Promise<void>, refused: number): Promise<string | undefined> {
  try {
    await comparison;
    return undefined;
  } catch (error) {
    if (error instanceof DenoRunError && error.code === refused) return error.output;
    throw error;
  }
}
