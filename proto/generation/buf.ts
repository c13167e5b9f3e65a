import { fileURLToPath } from "node:url";
import { runDeno } from "./run_deno.ts";

/** The folder of `buf.yaml`, against which buf resolves every path. */
const contracts = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs the buf of the catalogue in the contracts' folder.
 *
 * buf's package starts the native binary it ships, hence `--allow-run`.
 *
 * @param cache A folder for buf's cache, so that none appears in the user's home.
 * @throws {DenoRunError} When buf finds fault; its output says what and where.
 */
export async function buf(args: readonly string[], cache: string): Promise<void> {
  const permissions = ["--allow-read", "--allow-env", "--allow-sys", "--allow-run"];
  await runDeno(["run", "--quiet", ...permissions, "@bufbuild/buf/bin/buf", ...args], {
    cwd: contracts,
    env: { BUF_CACHE_DIR: cache },
  });
}
