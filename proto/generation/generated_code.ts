import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buf } from "./buf.ts";
import { generateDescriptors } from "./descriptors.ts";
import { generateOrderApi } from "./order_api.ts";
import { generateOrderDocument } from "./order_document.ts";
import { runDeno } from "./run_deno.ts";

/** Only described, as published: whoever serves health brings its code along. */
const NOT_OURS = ["--exclude-path", "grpc"];

/** Freshly generated code in a folder of its own, which goes when this is disposed of. */
export interface GeneratedCode extends AsyncDisposable {
  /** The folder; what lies in it belongs into `proto/gen`. */
  readonly folder: string;
}

/**
 * Lints the contracts and generates their code into a temporary folder.
 *
 * @throws {DenoRunError} When a `.proto` file is badly formed or formatted; buf's output says where.
 * @throws {Error} When the OpenAPI document is not valid.
 */
export async function generateCode(): Promise<GeneratedCode> {
  const work = await mkdtemp(join(tmpdir(), "contracts-"));
  try {
    const folder = join(work, "gen");
    const cache = join(work, "cache");
    await buf(["lint"], cache);
    await buf(["format", "--diff", "--exit-code", ...NOT_OURS], cache);
    await buf(["generate", "--output", work, ...NOT_OURS], cache);
    await generateDescriptors(folder, work, cache);
    await generateOrderApi(folder);
    await generateOrderDocument(folder);
    // Each generator has a style of its own, and may change it: ours decides what is compared.
    await runDeno(["fmt", "--quiet", "--no-config", "--line-width=110", folder], { cwd: work });
    return { folder, [Symbol.asyncDispose]: () => rm(work, { recursive: true }) };
  } catch (error) {
    await rm(work, { recursive: true });
    throw error;
  }
}
