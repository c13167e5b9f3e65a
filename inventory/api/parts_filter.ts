import { PartsFilter as FilterMessage } from "@rocket/proto/inventory";
import { collectViolations, parseUuid, UUID_RULE, type ViolationCollector } from "@rocket/platform/core";
import type { PartsFilter } from "../model/parts_filter.ts";
import { CATEGORY_RULE, parseCategory } from "./part_message.ts";

/** The most values that one field of a filter may have, so that one call can't keep the database busy. */
export const MAX_FILTER_VALUES = 1_000;

/**
 * Parses `ListPartsRequest.filter`; without a filter, all parts match. A text that no part can have is not an error: it
 * matches nothing.
 *
 * @throws {InvalidArgument} naming every invalid UUID or category, and every field with too many values, by its path in
 * the request.
 */
export function parsePartsFilter(message: FilterMessage = FilterMessage.create()): PartsFilter {
  const { refuse, finish } = collectViolations();
  return finish({
    uuids: parseEach(message.uuids, "filter.uuids", parseUuid, UUID_RULE, refuse),
    names: bounded(message.names, "filter.names", refuse),
    categories: parseEach(message.categories, "filter.categories", parseCategory, CATEGORY_RULE, refuse),
    manufacturerCountries: bounded(message.manufacturerCountries, "filter.manufacturer_countries", refuse),
    tags: bounded(message.tags, "filter.tags", refuse),
  });
}

type Refuse = ViolationCollector["refuse"];

function parseEach<In, Out>(
  values: readonly In[],
  field: string,
  parse: (value: In) => Out | undefined,
  rule: string,
  refuse: Refuse,
): readonly Out[] {
  return bounded(values, field, refuse).flatMap((value, index) => {
    const parsed = parse(value);
    if (parsed !== undefined) return [parsed];
    refuse(`${field}[${index}]`, rule);
    return [];
  });
}

function bounded<T>(values: readonly T[], field: string, refuse: Refuse): readonly T[] {
  if (values.length <= MAX_FILTER_VALUES) return values;
  refuse(field, `must have at most ${MAX_FILTER_VALUES} values`);
  return [];
}
