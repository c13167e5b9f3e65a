import { parseEnv } from "node:util";

declare module "node:util" {
  // The runtime has it (Node's documentation, util.parseEnv); its type declarations lag behind.
  export function parseEnv(content: string): Record<string, string>;
}

/** Environment variables, by name. */
export type Variables = Readonly<Record<string, string>>;

/**
 * Reads the environment that the services are to run in: the root `.env` where there is one, and over it
 * what the caller's shell has set.
 */
export async function readEnvironment(
  root: URL,
  shell: Variables = Deno.env.toObject(),
): Promise<Variables> {
  return { ...await readDotEnv(new URL(".env", root)), ...shell };
}

async function readDotEnv(file: URL): Promise<Variables> {
  try {
    return parseEnv(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}
