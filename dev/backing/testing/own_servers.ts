import type { Environment, StoreName } from "../backing.ts";
import { WayUnavailable } from "../errors.ts";
import { temporaryPlace } from "../local/home.ts";

/** This process's environment, bound to one source and without named servers. */
export function environmentFor(backing: "docker" | "local"): Environment {
  const named = Object.keys(Deno.env.toObject()).filter((name) =>
    /_(POSTGRES|REDIS)_URL$|^KAFKA_BROKERS$/.test(name)
  );
  return { ...Deno.env.toObject(), ...Object.fromEntries(named.map((name) => [name, ""])), BACKING: backing };
}

/** Makes a folder for one test, which stores under another account can get at; disposing deletes it. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir({ dir: Deno.env.get("TMPDIR") || await temporaryPlace() });
  await Deno.chmod(path, 0o711);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Whether there is an engine with images of these stores to test with; if `BACKING` is set, it decides. */
export async function dockerIsUsable(stores: readonly StoreName[] = ["postgres", "redis"]): Promise<boolean> {
  const env = Deno.env.toObject();
  if (env["BACKING"]) return env["BACKING"] === "docker";
  const { findEngine, needImages, needReaper } = await import("../docker/engine.ts");
  try {
    const client = await findEngine();
    await needImages(client, stores, env, () => {});
    await needReaper(client);
    return true;
  } catch (error) {
    if (error instanceof WayUnavailable) return false;
    throw error;
  }
}
