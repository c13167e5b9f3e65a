import { secretsOf } from "../config/secret.ts";
import type { Door, OpenDoor } from "../core/door.ts";
import type { Probes } from "../core/probe.ts";
import type { Logger } from "../log/logger.ts";
import { createRefreshSecrets, REFRESH_SECRETS_EVERY_MS } from "./refresh_secrets.ts";
import { repeat, type RepeatedWork } from "./repeat.ts";
import type { RunningService } from "./run_service.ts";
import { watchStores } from "./store_watch.ts";
import { waitForStores } from "./wait_for_stores.ts";

/** The parts of a service, as its `di.ts` wires them. */
export interface ServiceParts {
  readonly log: Logger;
  readonly doors: readonly Door[];
  /** Its background work. */
  readonly work?: readonly Omit<RepeatedWork, "log">[];
  /** Its own stores. */
  readonly stores?: Probes;
  /** What to do once the stores answer and before a door opens, e.g. to migrate; what it throws ends the start. */
  readonly prepare?: () => Promise<void>;
  /** Its configuration; the secrets in it that come from files are read again while it runs. */
  readonly config: Stopping;
  /** Closes the clients and pools, once the doors are closed and the work has ended. */
  readonly owned: AsyncDisposable;
}

/** How a service stops, as its configuration says. */
interface Stopping {
  /** How long the doors and the work may take to close, in milliseconds. */
  readonly shutdownTimeoutMs: number;
  /** How long to go on serving, though not ready, once asked to stop: until every load balancer has noticed. */
  readonly shutdownDelayMs: number;
}

/**
 * Starts a service: stores answer, preparations done, doors open, and only then ready. Disposing goes the other way
 * round: not ready, then the shutdown delay, then requests and work under way finished, then clients and pools closed.
 *
 * @throws {Failure | StartError} after closing everything that was opened.
 */
export async function startService(parts: ServiceParts): Promise<RunningService> {
  const { log, doors, work = [], stores = {}, prepare, config } = parts;
  const { shutdownTimeoutMs, shutdownDelayMs } = config;
  await using starting = new AsyncDisposableStack();
  starting.use(parts.owned);
  await waitForStores(stores, log);
  await prepare?.();

  const open: OpenDoor[] = [];
  const repeated: AsyncDisposable[] = [];
  let isReady = false;
  starting.defer(async () => {
    for (const door of open) door.announceStop?.();
    // No load balancer has seen a service ready whose start failed.
    if (isReady && shutdownDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, shutdownDelayMs));
    await allOf([
      ...open.map((door) => door.close(shutdownTimeoutMs)),
      ...repeated.map((each) => each[Symbol.asyncDispose]()),
    ]);
  });
  for (const door of doors) open.push(await door.open());
  const doorProbes = open.flatMap(({ address, probe }) =>
    probe === undefined ? [] : [[address, probe] as const]
  );
  const probes = { ...stores, ...Object.fromEntries(doorProbes) };
  starting.use(watchStores(probes, (areUp) => open.forEach((door) => door.setReady?.(areUp)), log));
  for (const each of [...work, ...refreshing(config, log)]) repeated.push(repeat({ ...each, log }));

  log.info({ address: open.map(({ address }) => address).join(", ") }, "ready");
  isReady = true;
  const running = starting.move();
  return {
    log,
    stopTimeoutMs: shutdownDelayMs + shutdownTimeoutMs,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function refreshing(config: object, log: Logger): NonNullable<ServiceParts["work"]> {
  const secrets = secretsOf(config).filter(({ isFromFile }) => isFromFile);
  if (secrets.length === 0) return [];
  const run = createRefreshSecrets(secrets, log);
  return [{ name: "read secrets again", everyMs: REFRESH_SECRETS_EVERY_MS, run }];
}

/** Waits for all of them, even if some fail, and then throws what went wrong. */
async function allOf(endings: readonly PromiseLike<void>[]): Promise<void> {
  const results = await Promise.allSettled(endings);
  const reasons = results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  if (reasons.length > 0) throw new AggregateError(reasons, "not everything closed");
}
