import { CONTRACTS } from "./contracts.ts";
import { runDeno } from "./run_deno.ts";

/**
 * Runs the Redocly CLI, in the version of the catalogue, quietly and with the rules of `redocly.yaml`.
 *
 * @throws {DenoRunError} if it finds a problem; its `output` says what and where.
 */
export async function redocly(args: readonly string[]): Promise<void> {
  // It looks for a login in the home folder. It may not use the network.
  const permissions = ["--allow-read", "--allow-env", "--allow-sys=homedir"];
  await runDeno(["run", "--quiet", ...permissions, "@redocly/cli/bin/cli.js", ...args], {
    cwd: CONTRACTS,
    env: { REDOCLY_SUPPRESS_NOTIFICATIONS: "true" },
    quiet: true,
  });
}
