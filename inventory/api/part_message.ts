import { centsToNumber } from "@rocket/platform/core";
import { Category as CategoryMessage, type Part as PartMessage, type Value } from "@rocket/proto/inventory";
import { CATEGORIES, type Category, type MetadataValue, type Part } from "../model/part.ts";

/** Converts a part to `inventory.v1.Part`. */
export function toPartMessage({ price, category, tags, metadata, ...part }: Part): PartMessage {
  return {
    ...part,
    price: centsToNumber(price),
    category: MESSAGE_BY_CATEGORY[category],
    tags: [...tags],
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([key, value]) => [key, toValueMessage(value)]),
    ),
  };
}

const MESSAGE_BY_CATEGORY: Readonly<Record<Category, CategoryMessage>> = {
  ENGINE: CategoryMessage.CATEGORY_ENGINE,
  FUEL: CategoryMessage.CATEGORY_FUEL,
  PORTHOLE: CategoryMessage.CATEGORY_PORTHOLE,
  WING: CategoryMessage.CATEGORY_WING,
};

/** The rule for a category in a request, as the client reads it. */
export const CATEGORY_RULE = `must be one of ${
  Object.values(MESSAGE_BY_CATEGORY).map((message) => CategoryMessage[message]).join(", ")
}`;

/** @returns `undefined` for the unspecified category and for unknown numbers. */
export function parseCategory(message: CategoryMessage): Category | undefined {
  return CATEGORIES.find((category) => MESSAGE_BY_CATEGORY[category] === message);
}

function toValueMessage(metadata: MetadataValue): Value {
  switch (metadata.type) {
    case "string":
      return { kind: { $case: "stringValue", value: metadata.value } };
    case "int64":
      return { kind: { $case: "int64Value", value: metadata.value } };
    case "double":
      return { kind: { $case: "doubleValue", value: metadata.value } };
    case "bool":
      return { kind: { $case: "boolValue", value: metadata.value } };
  }
}
