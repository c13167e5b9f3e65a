import { StartError } from "@rocket/platform/core";
import { PINNED_DENO } from "@rocket/platform/runtime";
import { parseArgs } from "node:util";
import { dropBackingData, startBacking } from "../backing/start.ts";
import {
  httpScheme,
  readEnvironment,
  type Variables,
  withDescriptions,
  withServiceToken,
  withStores,
} from "../environment.ts";
import { DATABASES, SERVICE_NAMES, storesOf } from "../services.ts";
import { checkConfiguration } from "./configuration.ts";
import { keepStores } from "./keep_stores.ts";
import { openOutput, type Output, say } from "./log.ts";
import { seedInventory, startServices } from "./start_services.ts";
import type { StopRequest } from "./stop_request.ts";
import { describeStart } from "./summary.ts";
import { watchCode } from "./watch.ts";

/** Options of {@linkcode dev}. */
export interface DevOptions {
  /** The root of the workspace. */
  readonly root: URL;
  /** The folder that keeps the stores' data between runs. */
  readonly dataDir: string;
  /** Whether to delete the data of earlier runs first. */
  readonly isFresh: boolean;
  readonly stop: StopRequest;
}

/** How long the stores may take to stop after a stop at once was requested, in milliseconds. */
const LAST_MOMENT_MS = 3_000;

/**
 * Runs everything on this machine until Ctrl-C: the stores, then the services, each a process of its own
 * with its own permissions, started again when it dies or its code changes.
 *
 * @returns The exit code: 0 if it was asked to stop and did so cleanly, else 1.
 */
export async function dev(options: DevOptions): Promise<number> {
  try {
    const env = withDescriptions(withServiceToken(await readEnvironment(options.root)));
    return await runToTheEnd(options, env);
  } catch (error) {
    say(`\n${explain(error)}\n`);
    return 1;
  }
}

async function runToTheEnd(options: DevOptions, env: Variables): Promise<number> {
  const { stop } = options;
  const output = openOutput(env, () => stop.request("the reader of the log has gone"));
  const { log } = output;
  stop.soon.addEventListener("abort", () => log.info({ why: stop.why }, "stopping everything"));
  stop.now.addEventListener("abort", () => {
    log.warn("ending what has not stopped yet");
    setTimeout(() => Deno.exit(1), LAST_MOMENT_MS);
  });
  const failure = await runUntilStopped({ ...options, env, output });
  // Ctrl-C, which also reaches our newest processes, may have been the cause.
  if (failure !== undefined && !stop.soon.aborted) throw failure.error;
  log.info("everything has stopped");
  return stop.now.aborted ? 1 : 0;
}

interface Start extends DevOptions {
  readonly env: Variables;
  readonly output: Output;
}

/** @returns The error that ended the start, if one did, once everything has stopped again. */
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

/** Starts everything, or as much as it can before a stop is requested. */
async function startAll(
  { root, dataDir, isFresh, env, output: { log, lines }, stop }: Start,
  running: AsyncDisposableStack,
): Promise<void> {
  const startedAt = performance.now();
  await checkConfiguration(root, env);
  if (stop.soon.aborted) return;
  if (isFresh) await dropBackingData(dataDir);
  const backing = running.use(
    await startBacking({
      databases: DATABASES,
      stores: storesOf(SERVICE_NAMES),
      env,
      dataDir,
      say: (line) => log.info(line),
    }),
  );
  if (stop.soon.aborted) return;
  running.use(keepStores(backing, backing.ours, log));
  const serviceEnv = withStores(env, backing);
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
    httpScheme: httpScheme(env),
    stores: backing,
    tookMs: performance.now() - startedAt,
    taskCommand: `npx -y deno@${PINNED_DENO} task`,
  }));
}

/** A person can fix a failed start by its message; any other error is a fault and shows its stack. */
function explain(error: unknown): string {
  return error instanceof StartError ? error.message : Deno.inspect(error);
}

/** The arguments of `deno task dev`. */
export interface DevArguments {
  /** Whether to delete the data of earlier runs first. */
  readonly isFresh: boolean;
  /** The folder for the data, unless it is the usual one. */
  readonly dataDir: string | undefined;
}

/** Reads the arguments of `deno task dev`; `undefined` if one of them is unknown. */
export function readArguments(args: readonly string[]): DevArguments | undefined {
  try {
    const options = { fresh: { type: "boolean" }, data: { type: "string" } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return { isFresh: values.fresh ?? false, dataDir: values.data };
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
