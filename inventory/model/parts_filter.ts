import type { Category } from "./part.ts";

/**
 * Which parts to list. A part matches if, for every field that is not empty, it has one of the values (the contract's
 * `PartsFilter`).
 */
export interface PartsFilter {
  /** Canonical, lower-case UUIDs. */
  readonly uuids: readonly string[];
  /** Whole names, case-sensitive. */
  readonly names: readonly string[];
  readonly categories: readonly Category[];
  /** Whole names, case-sensitive. */
  readonly manufacturerCountries: readonly string[];
  /** Whole tags, case-sensitive: a part matches if it has any of them. */
  readonly tags: readonly string[];
}
