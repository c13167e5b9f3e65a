import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import type { ServerName } from "../backing.ts";
import { newSecret } from "../secret.ts";

/** What a data folder remembers of the Docker volumes that hold its data. */
export type KeptVolumes = z.infer<typeof KeptVolumes>;

const KeptVolumes = z.object({
  /** What the names of the volumes begin with. */
  name: z.string(),
  /** Fixed when the volume of Postgres was filled: its container can't be told another one. */
  postgresPassword: z.string(),
});

/** The file in a data folder that says which volumes hold its data. */
export function keptFile(dataDir: string): string {
  return join(dataDir, "docker.json");
}

/** The name of a server's volume, and of the container that works with it. */
export function volumeName({ name }: KeptVolumes, server: ServerName): string {
  return `${name}-${server}`;
}

/** What the data folder remembers, if anything. */
export async function readKept(dataDir: string): Promise<KeptVolumes | undefined> {
  try {
    return KeptVolumes.parse(JSON.parse(await Deno.readTextFile(keptFile(dataDir))));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** What the data folder remembers, or new names, which it remembers from now on. */
export async function keepVolumes(dataDir: string): Promise<KeptVolumes> {
  const known = await readKept(dataDir);
  if (known) return known;
  const kept = { name: `rocket-factory-${randomBytes(4).toString("hex")}`, postgresPassword: newSecret() };
  await Deno.writeTextFile(keptFile(dataDir), JSON.stringify(kept), { mode: 0o600 });
  return kept;
}
