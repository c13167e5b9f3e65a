import { CONTRACTS } from "./contracts.ts";
import { runDeno } from "./run_deno.ts";

/**
 * Runs the Redocly CLI of the catalogue by the rules of `redocly.yaml`, quietly.
 *
 * @throws {DenoRunError} When it finds fault; its `output` says what and where.
 */
export async function redocly(args: readonly string[]): Promise<void> {
  // It asks where the home folder is, for a login could lie there. It may not reach the network.
  const permissions = ["--allow-read", "--allow-env", "--allow-sys=homedir"];
  await runDeno(["run", "--quiet", ...permissions, "@redocly/cli/bin/cli.js", ...args], {
    cwd: CONTRACTS,
    env: { REDOCLY_SUPPRESS_NOTIFICATIONS: "true" },
    quiet: true,
  });
}
