import { CONTRACTS } from "./contracts.ts";
import { runDeno, type RunDenoOptions } from "./run_deno.ts";

/**
 * Runs buf, in the version of the catalogue, in the contracts' folder.
 *
 * buf's package starts a native binary that it brings along, hence `--allow-run`.
 *
 * @param cache A folder for buf's cache, so that buf does not create one in the user's home.
 * @throws {DenoRunError} if buf finds a problem; its output says what and where.
 */
export async function buf(
  args: readonly string[],
  cache: string,
  options: Pick<RunDenoOptions, "quiet"> = {},
): Promise<void> {
  const permissions = ["--allow-read", "--allow-env", "--allow-sys", "--allow-run"];
  await runDeno(["run", "--quiet", ...permissions, "@bufbuild/buf/bin/buf", ...args], {
    ...options,
    cwd: CONTRACTS,
    env: { BUF_CACHE_DIR: cache },
  });
}
