import { parseArgs } from "node:util";

/** What `deno task dev` is asked for. */
export interface DevArguments {
  /** Whether to throw away yesterday's data first. */
  readonly isFresh: boolean;
  /** The folder for the data, where it is not the usual one. */
  readonly dataDir: string | undefined;
}

/** Reads the arguments of `deno task dev`; `undefined` where there is one that it does not know. */
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
