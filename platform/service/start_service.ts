import type { Probes } from "../core/probe.ts";
import type { Logger } from "../log/logger.ts";
import { migrate } from "../postgres/migrator.ts";
import type { RunningService } from "./run_service.ts";
import { waitForStores } from "./wait_for_stores.ts";

/** What a service is made of, whatever protocol it speaks, as its container built it. */
export interface ServiceParts {
  readonly log: Logger;
  readonly host: string;
  readonly port: number;
  /** Its own stores; absent where it has none. */
  readonly stores?: Probes;
  /** Of its own database; absent where it has none. */
  readonly migrations?: { readonly url: string; readonly directory: string };
  /** What else to do once the stores answer and before the port is bound; what it throws ends the start. */
  readonly beforeListening?: () => Promise<void>;
  readonly shutdownTimeoutMs: number;
  /** Closes the clients and pools, once the server is done. */
  readonly container: AsyncDisposable;
}

/**
 * Starts a service: stores answer, migrations done, port bound. Disposing goes the other way round.
 *
 * @param listen Binds the port, registers what undoes that, and gives the port bound.
 * @throws {Unavailable | MigrationFailed | CannotListen} with all that was opened closed again.
 */
export async function startService(
  { log, host, stores = {}, migrations, beforeListening, shutdownTimeoutMs, container }: ServiceParts,
  listen: (opened: AsyncDisposableStack) => number | Promise<number>,
): Promise<RunningService> {
  await using starting = new AsyncDisposableStack();
  starting.use(container);
  await waitForStores(stores, log);
  if (migrations !== undefined) await migrate({ ...migrations, log });
  await beforeListening?.();
  const bound = await listen(starting);
  log.info({ address: `${host}:${bound}` }, "ready");
  const running = starting.move();
  return { log, shutdownTimeoutMs, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
