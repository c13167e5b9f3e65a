import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import type { StoreName } from "../backing.ts";
import { newSecret } from "../stores.ts";

/** The Docker volumes that hold the data of a data folder, as a file in the folder records them. */
export type Volumes = z.infer<typeof Volumes>;

const Volumes = z.object({
  /** The prefix of the volumes' names. */
  name: z.string(),
  /** Fixed when the volume of Postgres was filled: its container can't be given another one. Redis takes it too. */
  postgresPassword: z.string(),
});

/** The file in a data folder that records its volumes. */
export function volumesFile(dataDir: string): string {
  return join(dataDir, "docker.json");
}

/** The name of a store's volume, and of the container that uses it. */
export function volumeName({ name }: Volumes, store: StoreName): string {
  return `${name}-${store}`;
}

/** Reads which volumes belong to the data folder, if any. */
export async function readVolumes(dataDir: string): Promise<Volumes | undefined> {
  try {
    return Volumes.parse(JSON.parse(await Deno.readTextFile(volumesFile(dataDir))));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Reads which volumes belong to the data folder, or chooses and records new ones. */
export async function keepVolumes(dataDir: string): Promise<Volumes> {
  const known = await readVolumes(dataDir);
  if (known) return known;
  const made = { name: `rocket-factory-${randomBytes(4).toString("hex")}`, postgresPassword: newSecret() };
  await Deno.writeTextFile(volumesFile(dataDir), JSON.stringify(made), { mode: 0o600 });
  return made;
}
