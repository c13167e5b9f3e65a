import { type Config, InvalidConfig, readConfig, type Variables } from "./config.ts";
import { denoFlags, type Needs } from "./permissions.ts";

/**
 * Prints the Deno flags a service needs under the present environment, one a line: the whole of a
 * `permissions.ts` run as a program. A configuration that is not usable is told, exit code 1.
 */
export function printDenoFlags<Spec extends Variables>(
  spec: Spec,
  needs: (config: Config<Spec>) => Needs,
): void {
  try {
    const flags = denoFlags(needs(readConfig(spec, (name) => Deno.env.get(name))));
    Deno.stdout.writeSync(new TextEncoder().encode(`${flags.join("\n")}\n`));
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    Deno.stderr.writeSync(new TextEncoder().encode(`${error.message}\n`));
    Deno.exit(1);
  }
}
