import {
  BackingMisconfigured,
  BackingUnavailable,
  CommandFailed,
  DataInUse,
  ServerFailed,
  WayUnavailable,
} from "../backing/errors.ts";
import { UnusableConfig } from "./flags.ts";
import { CannotStart } from "./keep_running.ts";
import { SeedFailed } from "./seed.ts";

const MENDABLE = [
  ...[BackingMisconfigured, BackingUnavailable, CommandFailed, DataInUse, ServerFailed, WayUnavailable],
  ...[CannotStart, SeedFailed, UnusableConfig],
] as const;

/** Puts an error into words: what a person can mend needs no stack; anything else is a fault and shows its own. */
export function explain(error: unknown): string {
  const isMendable = MENDABLE.some((kind) => error instanceof kind);
  return isMendable && error instanceof Error ? error.message : Deno.inspect(error);
}
