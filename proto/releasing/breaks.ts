import { readFile } from "node:fs/promises";
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
  return [...await findProtoBreaks(contracts), ...await findDocumentBreaks(contracts)];
}

async function findProtoBreaks(contracts: string): Promise<readonly string[]> {
  await using work = await createWorkFolder();
  const compareImage = ["breaking", contracts, "--against", join(releasedFolder(contracts), IMAGE)];
  return await refusal(buf(compareImage, work.path, { quiet: true }), REFUSED.buf);
}

/** Like {@link findBreaks}, for the OpenAPI documents alone. */
export async function findDocumentBreaks(contracts: string): Promise<readonly string[]> {
  const released = releasedFolder(contracts);
  const breaks: string[] = [];
  for (const path of await findDocuments(released)) {
    const [before, now] = [join(released, path), join(contracts, path)];
    // Redocly takes a second to find no difference.
    if (await isSameFile(before, now)) continue;
    breaks.push(...await refusal(redocly(["diff", before, now]), REFUSED.redocly));
  }
  return breaks;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  try {
    const [text, otherText] = await Promise.all([one, other].map((path) => readFile(path, "utf8")));
    return text === otherText;
  } catch (error) {
    // Redocly reports a document that is missing.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/** The output of a comparison, if it refuses. */
async function refusal(comparison: Promise<void>, refused: number): Promise<readonly string[]> {
  try {
    await comparison;
    return [];
  } catch (error) {
    if (error instanceof DenoRunError && error.code === refused) return [error.output];
    throw error;
  }
}
