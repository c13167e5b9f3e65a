import { stripVTControlCharacters } from "node:util";
import type { ServiceName } from "./services.ts";
import type { Variables } from "./environment.ts";

/** A service's configuration is not usable; the message is the service's own. */
export class UnusableConfig extends Error {}

/**
 * Asks a service which Deno permissions it needs under an environment.
 *
 * @throws {UnusableConfig} with the message that names every bad variable.
 */
export async function permissionFlags(
  service: ServiceName,
  root: URL,
  env: Variables,
): Promise<readonly string[]> {
  const program = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-env",
      "--allow-read",
      "--allow-sys=hostname,uid",
      `${service}/config.ts`,
    ],
    cwd: root,
    env: { ...env },
    stdin: "null",
    // Out of reach of the terminal's Ctrl-C: an answer that was cut short would look like a bad configuration.
    detached: true,
  });
  const { success, stdout, stderr } = await program.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new UnusableConfig(stripVTControlCharacters(text(stderr)));
  return text(stdout).split("\n");
}
