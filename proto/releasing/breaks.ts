import { join } from "node:path";
import { buf } from "../generation/buf.ts";
import { findDocuments } from "../generation/contracts.ts";
import { redocly } from "../generation/redocly.ts";
import { DenoRunError } from "../generation/run_deno.ts";
import { createWorkFolder } from "../generation/work_folder.ts";
import { IMAGE, releasedFolder } from "./released.ts";

/** The exit codes that mean that the contracts were compared and refused. */
const REFUSED = { buf: 100, redocly: 1 };

/**
 * Compares the contracts of a folder with the released ones, and finds what breaks existing clients.
 *
 * `buf.yaml` and `redocly.yaml` define what a break is, for `.proto` files and OpenAPI documents.
 *
 * @returns The output of buf and Redocly if they refuse the contracts; nothing if no client breaks.
 * @throws {DenoRunError} if nothing has been released yet, or a `.proto` file is malformed.
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
  return refusals.filter((output) => output !== undefined);
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
