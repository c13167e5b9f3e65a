import type { z } from "zod";
import type { FieldViolation } from "../core/failure.ts";

/**
 * Names every field that a validator found broken, e.g. `part_uuids[3]`.
 *
 * @param whole What to call the value itself, where no field of it is to blame.
 */
export function toViolations(error: z.ZodError, whole: string): readonly FieldViolation[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.reduce<string>(appendKey, "");
    // One issue lists all unknown keys of an object; each is a field to its sender.
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ field: appendKey(path, key), message: "is not a known field" }));
    }
    return [{ field: path || whole, message: issue.message }];
  });
}

function appendKey(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? String(key) : `${path}.${String(key)}`;
}
