import type { BackingServer, Environment, StoreName } from "./backing.ts";

/** One way to get stores. */
export interface Way {
  readonly name: "docker" | "local" | "apt";
  /**
   * Starts the stores that are needed.
   *
   * @throws {import("./errors.ts").WayUnavailable} when this way is not possible on this machine; nothing runs then
   */
  start(order: StoreOrder): Promise<StartedStores>;
}

/** Which stores are needed, and how long to keep their data. */
export interface StoreOrder {
  readonly needs: ReadonlySet<StoreName>;
  readonly env: Environment;
  /** The folder that keeps the data, locked by us; without it they are deleted at the end. */
  readonly dataDir: string | undefined;
  readonly say: (line: string) => void;
}

/** A store of ours; disposing it ends it. */
export interface StartedStore {
  readonly server: BackingServer & AsyncDisposable;
  /** Opens it with every right: Postgres as the superuser. */
  readonly url: string;
}

/** The stores that a way has started, answering; disposing ends them and deletes temporary data. */
export interface StartedStores extends AsyncDisposable {
  /** Where they keep their data, for a person. */
  readonly dataAt: string;
  readonly stores: ReadonlyMap<StoreName, StartedStore>;
}

/**
 * Starts all needed stores at once; if one fails, ends the others and throws the first failure.
 *
 * @param plans What each store is started from.
 * @param owned What the stores rest on, closed after them.
 */
export async function startTogether<Plan>(
  plans: ReadonlyMap<StoreName, Plan>,
  start: (name: StoreName, plan: Plan) => Promise<StartedStore>,
  dataAt: string,
  owned = new AsyncDisposableStack(),
): Promise<StartedStores> {
  const stores = new Map<StoreName, StartedStore>();
  const outcomes = await Promise.allSettled([...plans].map(async ([name, plan]) => {
    const store = await start(name, plan);
    stores.set(name, store);
    owned.use(store.server);
  }));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
  const all = owned.move();
  return { stores, dataAt, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
