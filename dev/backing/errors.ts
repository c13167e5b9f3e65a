import { StartError } from "@rocket/platform/core";

/** A way to get stores that is not possible on this machine; the next one is tried. */
export class WayUnavailable extends StartError {
  override readonly name = "WayUnavailable";

  /** @param reason What is missing, as the end of a sentence. */
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** No way led to the stores; the message lists every way and what it lacks. */
export class BackingUnavailable extends StartError {
  override readonly name = "BackingUnavailable";
}

/** The environment contradicts itself, or names a store that does not answer. */
export class BackingMisconfigured extends StartError {
  override readonly name = "BackingMisconfigured";
}

/** Another run is using the data folder. */
export class DataInUse extends StartError {
  override readonly name = "DataInUse";

  constructor(readonly dataDir: string, readonly holder: string) {
    super(`${dataDir} is in use by process ${holder || "(unknown)"}: stop that run first`);
  }
}

/** A folder that we need can't be made or used; the message names it. */
export class UnusableFolder extends StartError {
  override readonly name = "UnusableFolder";
}

/** A store that the environment names was to be stopped, started or paused: it is not ours. */
export class NotOurServer extends StartError {
  override readonly name = "NotOurServer";

  constructor(readonly server: string, readonly action: string) {
    super(`refusing to ${action} ${server}: the environment names it, so it is not ours`);
  }
}

/**
 * A store of ours, or a tool that prepares it, failed: it ended, did not answer while it was starting, or can be reached
 * from other machines.
 */
export class ServerFailed extends StartError {
  override readonly name = "ServerFailed";
}

/** Runs something without which a way is not possible; its failure becomes {@link WayUnavailable}. */
export async function orUnavailable<T>(problem: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new WayUnavailable(`${problem}: ${messageOf(error)}`);
  }
}

/** What an error says, if only its name. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message || error.name).trim() : String(error);
}
