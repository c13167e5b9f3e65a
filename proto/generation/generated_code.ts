import { join } from "node:path";
import { generateAsyncApiCode } from "./asyncapi_code.ts";
import { buf } from "./buf.ts";
import { CONTRACTS } from "./contracts.ts";
import { generateDescriptors } from "./descriptors.ts";
import { lintDocuments } from "./lint_documents.ts";
import { generateOpenApiCode } from "./openapi_code.ts";
import { runDeno } from "./run_deno.ts";
import { createWorkFolder } from "./work_folder.ts";

/** `grpc.health.v1`: only its descriptors are generated, because `grpc-health-check` has the code. */
const NOT_OURS = ["--exclude-path", "grpc"];

/** Generated code in a temporary folder, which is removed when this is disposed of. */
export interface GeneratedCode extends AsyncDisposable {
  /** The folder with what belongs into `proto/gen`. */
  readonly folder: string;
}

/**
 * Lints the contracts and generates their code into a temporary folder.
 *
 * @throws {DenoRunError} if a `.proto` file or an OpenAPI document is malformed, or a `.proto` file is not formatted;
 * buf's or Redocly's output says where.
 * @throws {Error} if an OpenAPI document has something that its generators do not support.
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
  await generateAsyncApiCode(CONTRACTS, folder);
  // Each generator has its own style and may change it; our format makes the files comparable.
  await runDeno(["fmt", "--quiet", "--no-config", "--line-width=110", folder], { cwd: work });
  const owned = stack.move();
  return { folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
