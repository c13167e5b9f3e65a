import pinFile from "../../.dvmrc" with { type: "text" };

/** The Deno version that everything is run and tested with, e.g. `2.9.3`; it is set in `.dvmrc` only. */
export const PINNED_DENO: string = pinFile.trim();

/** Canaries and release candidates of these versions (`2.9.5+1f6a2c3`) have the fault too. */
const ABORTS_ON_GOAWAY = /^2\.9\.[4-6](?!\d)/;

/**
 * Gives the reason why a Deno version must not run a service, or `undefined` if none is known.
 *
 * 2.9.4 to 2.9.6 abort the whole process when an HTTP/2 peer sends GOAWAY after concurrent calls
 * (denoland/deno#36788). Later versions are accepted: the suite in `tests/runtime` checks them when the pin
 * is raised.
 */
export function brokenRuntime(version: string): string | undefined {
  if (!ABORTS_ON_GOAWAY.test(version)) return undefined;
  return `Deno ${version} aborts when an HTTP/2 peer closes its connection (denoland/deno#36788)`;
}

/**
 * Ends the process with exit code 1, and one line on stderr naming the command to use instead, when it runs on
 * a version that `brokenRuntime` knows. Needs no permission.
 *
 * @param task The task to run instead, and its arguments.
 */
export function assertSafeRuntime(
  task: readonly string[],
  version: string = Deno.version.deno,
): void {
  const reason = brokenRuntime(version);
  if (reason === undefined) return;
  const instead = ["npx", "-y", `deno@${PINNED_DENO}`, "task", ...task].join(" ");
  Deno.stderr.writeSync(new TextEncoder().encode(`${reason}; use: ${instead}\n`));
  Deno.exit(1);
}
