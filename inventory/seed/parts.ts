import type { PartFacts } from "../model/part.ts";
import { ENGINES } from "./engines.ts";
import { FUEL } from "./fuel.ts";
import { PORTHOLES } from "./portholes.ts";
import { WINGS } from "./wings.ts";

/** The example parts. Their UUIDs are fixed, so that the commands in the README work as printed. */
export const SEED_PARTS: readonly PartFacts[] = [...ENGINES, ...FUEL, ...PORTHOLES, ...WINGS];
