import type { z } from "zod";
import type { FieldViolation } from "../core/failure.ts";
import { UUID_RULE } from "../core/uuid.ts";

/**
 * Lists every field that a validator found broken, e.g. `part_uuids[3]`.
 *
 * @param whole The name of the value itself, for when no single field of it is to blame.
 */
export function toViolations(error: z.ZodError, whole: string): readonly FieldViolation[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.reduce<string>(appendKey, "");
    // One issue lists all unknown keys of an object; to the client each is a field.
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ field: appendKey(path, key), message: "is not a known field" }));
    }
    return [{ field: path || whole, message: ruleOf(issue) }];
  });
}

/** The broken rule in words for the caller; zod's own words are for programmers and change with its versions. */
function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "too_big":
      return boundOf(issue.origin, "at most", issue.maximum);
    case "too_small":
      return boundOf(issue.origin, "at least", issue.minimum);
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      if (issue.format === "UUID") return UUID_RULE;
      return issue.pattern === undefined ? `must be a valid ${issue.format}` : `must match ${issue.pattern}`;
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function boundOf(origin: string, side: "at most" | "at least", bound: number | bigint): string {
  const things: Readonly<Record<string, string>> = { string: "character", array: "item" };
  const thing = things[origin];
  if (thing !== undefined) return `must have ${side} ${bound} ${thing}${Number(bound) === 1 ? "" : "s"}`;
  return `must be ${side} ${bound}`;
}

function appendKey(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? String(key) : `${path}.${String(key)}`;
}
