import type { PartFacts } from "../model/part.ts";
import { ENGINES } from "./engines.ts";
import { FUEL } from "./fuel.ts";
import { PORTHOLES } from "./portholes.ts";
import { WINGS } from "./wings.ts";

/** The parts of the examples, with fixed UUIDs so that what the README prints works as printed. */
export const SEED_PARTS: readonly PartFacts[] = [...ENGINES, ...FUEL, ...PORTHOLES, ...WINGS];
