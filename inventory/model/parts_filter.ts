import type { Category } from "./part.ts";

/**
 * Which parts to list. Within a field any value matches, between fields all must; an empty field does not
 * filter (the contract's `PartsFilter`).
 */
export interface PartsFilter {
  /** Canonical, lower-case UUIDs. */
  readonly uuids: readonly string[];
  /** Whole names, by case. */
  readonly names: readonly string[];
  readonly categories: readonly Category[];
  /** Whole names, by case. */
  readonly manufacturerCountries: readonly string[];
  /** Whole tags, by case: a part matches that has any of them. */
  readonly tags: readonly string[];
}
