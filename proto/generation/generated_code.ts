import { join } from "node:path";
import { buf } from "./buf.ts";
import { CONTRACTS } from "./contracts.ts";
import { generateDescriptors } from "./descriptors.ts";
import { lintDocuments } from "./lint_documents.ts";
import { generateOpenApiCode } from "./openapi_code.ts";
import { runDeno } from "./run_deno.ts";
import { createWorkFolder } from "./work_folder.ts";

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
 * @throws {DenoRunError} When a `.proto` file is badly formed or formatted, or an OpenAPI document badly formed;
 * buf's or Redocly's output says where.
 * @throws {Error} When the order API's document holds what its generator does not understand.
 */
export async function generateCode(): Promise<GeneratedCode> {
  await using stack = new AsyncDisposableStack();
  const { path: work } = stack.use(await createWorkFolder());
  const folder = join(work, "gen");
  const cache = join(work, "cache");
  await buf(["lint"], cache);
  await buf(["format", "--diff", "--exit-code", ...NOT_OURS], cache);
  await lintDocuments(CONTRACTS);
  await buf(["generate", "--output", work, ...NOT_OURS], cache);
  await generateDescriptors(folder, work, cache);
  await generateOpenApiCode(CONTRACTS, folder);
  // Each generator has a style of its own, and may change it: ours decides what is compared.
  await runDeno(["fmt", "--quiet", "--no-config", "--line-width=110", folder], { cwd: work });
  const owned = stack.move();
  return { folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
