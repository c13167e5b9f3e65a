import { PINNED_DENO } from "@rocket/platform/runtime";
import { dropBackingData } from "../backing/drop.ts";
import { readNamedServers } from "../backing/named.ts";
import { startBacking } from "../backing/start.ts";
import { backingVariables, DATABASES } from "./backing_variables.ts";
import { checkConfiguration } from "./check_configuration.ts";
import { readEnvironment, type Variables } from "./environment.ts";
import { explain } from "./explain.ts";
import { openOutput, type Output } from "./output.ts";
import { keepStores } from "./keep_stores.ts";
import { seedInventory } from "./seed.ts";
import { startServices } from "./start_services.ts";
import { withTargets } from "./targets.ts";
import type { StopRequest } from "./stop_request.ts";
import { withServiceToken } from "./service_token.ts";
import { describeStart } from "./summary.ts";
import { watchCode } from "./watch.ts";

/** What `deno task dev` is told. */
export interface DevOptions {
  /** The root of the workspace. */
  readonly root: URL;
  /** The folder that keeps the stores' data from one day to the next. */
  readonly dataDir: string;
  /** Whether to throw away yesterday's data first. */
  readonly isFresh: boolean;
  /** Tells when to stop. */
  readonly stop: StopRequest;
}

/** What is left to the stores once order no longer matters, in milliseconds. */
const LAST_MOMENT_MS = 3_000;

/**
 * Runs everything on this machine until Ctrl-C: the stores, then the services, each a process of its own
 * with its own permissions, started again when it dies or its code changes.
 *
 * @returns The exit code: 0 when it was asked to stop and did so in good order, else 1.
 */
export async function dev(options: DevOptions): Promise<number> {
  const { root, stop } = options;
  const env = withServiceToken(withTargets(await readEnvironment(root)));
  const output = openOutput(env, () => stop.request("nobody reads the log"));
  stop.soon.addEventListener("abort", () => output.log.info({ why: stop.why }, "stopping everything"));
  stop.now.addEventListener("abort", () => {
    output.log.warn("ending what has not stopped yet");
    setTimeout(() => Deno.exit(1), LAST_MOMENT_MS);
  });
  try {
    const failure = await runUntilStopped({ ...options, env, output });
    // Only now is it known whether Ctrl-C, which reaches our newest processes too, was the cause.
    if (failure !== undefined && !stop.soon.aborted) throw failure.error;
  } catch (error) {
    output.say(`\n${explain(error)}\n`);
    return 1;
  }
  output.log.info("everything has stopped");
  return stop.now.aborted ? 1 : 0;
}

interface Start extends DevOptions {
  readonly env: Variables;
  readonly output: Output;
}

/** @returns What the start failed of, if it did, once everything has stopped again. */
async function runUntilStopped(start: Start): Promise<{ readonly error: unknown } | undefined> {
  await using running = new AsyncDisposableStack();
  try {
    await startAll(start, running);
  } catch (error) {
    return { error };
  }
  await start.stop.requested;
  return undefined;
}

/** Starts everything, or as much of it as there was time for before a stop was asked for. */
async function startAll(
  { root, dataDir, isFresh, env, output: { log, lines, say }, stop }: Start,
  running: AsyncDisposableStack,
): Promise<void> {
  const startedAt = performance.now();
  await checkConfiguration(root, env);
  if (stop.soon.aborted) return;
  if (isFresh) await dropBackingData(dataDir, env);
  const backing = running.use(
    await startBacking({ databases: DATABASES, env, dataDir, say: (line) => log.info(line) }),
  );
  if (stop.soon.aborted) return;
  const { needs: ours } = readNamedServers(DATABASES, env);
  running.use(keepStores(backing, ours, log));
  const serviceEnv = { ...env, ...backingVariables(backing) };
  const services = running.use(startServices({ root, env: serviceEnv, lines, log }));
  stop.now.addEventListener("abort", () => services.kill());
  const addresses = await Promise.race([services.ready, stop.requested]);
  if (addresses === undefined) return;
  await seedInventory(root, serviceEnv, lines);
  running.use(watchCode(root, (names, path) => {
    log.info({ path, services: names }, "code changed, starting again");
    services.restart(names);
  }));
  say(describeStart({
    addresses,
    stores: { source: backing.source, ours, dataDir },
    tookMs: performance.now() - startedAt,
    taskCommand: `npx -y deno@${PINNED_DENO} task`,
  }));
}
