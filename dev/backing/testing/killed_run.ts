/**
 * Runs that are killed while they hold stores: for tests of what they leave behind. As a program, starts stores and
 * holds them until it is killed.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { StoreName } from "../backing.ts";
import { startBacking } from "../start.ts";
import { STORE_NAMES } from "../stores.ts";
import { environmentFor } from "./own_servers.ts";

/** How to start a run that will be killed. */
export interface KilledRun {
  readonly source: "local" | "docker";
  readonly stores: readonly StoreName[];
  readonly dataDir?: string;
  readonly env?: Record<string, string>;
  /** As the shell writes it; default `022`. Ours can't be changed for it: other suites run in this process. */
  readonly umask?: string;
}

/** Starts another process that holds stores; resolves when they are ready. Disposing kills it. */
export async function holdBacking(
  { source, stores, dataDir, env = {}, umask = "022" }: KilledRun,
): Promise<Deno.ChildProcess> {
  const program = [new URL(import.meta.url).pathname, source, dataDir ?? "", ...stores];
  const run = new Deno.Command("sh", {
    args: ["-c", `umask ${umask}; exec "$0" run "$@"`, Deno.execPath(), "--allow-all", ...program],
    env,
    stdout: "piped",
  }).spawn();
  const output = run.stdout.getReader();
  const { value } = await output.read();
  assert.equal(new TextDecoder().decode(value), "ready\n");
  await output.cancel();
  return run;
}

/** Kills a run without warning, and waits until it has ended. */
export async function killRun(run: Deno.ChildProcess): Promise<void> {
  run.kill("SIGKILL");
  await run.status;
}

if (import.meta.main) {
  const [source, dataDir, ...stores] = Deno.args;
  await using _backing = await startBacking({
    databases: ["iam"],
    stores: STORE_NAMES.filter((name) => stores.includes(name)),
    env: environmentFor(source === "docker" ? "docker" : "local"),
    ...(dataDir && { dataDir }),
  });
  await Deno.stdout.write(new TextEncoder().encode("ready\n"));
  await new Promise<never>(() => {});
}
