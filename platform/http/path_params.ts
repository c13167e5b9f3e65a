import type { MiddlewareHandler } from "hono";
import type { z } from "zod";
import { InvalidArgument } from "../failure/failure.ts";
import type { Refusal } from "./error_answer.ts";
import { toViolations } from "./violations.ts";

/**
 * Creates a middleware that reads the path's parameters by a generated validator; the handler finds them,
 * typed, by `c.req.valid("param")`.
 *
 * @throws {InvalidArgument} naming every parameter that breaks its rule.
 */
export function pathParams<Schema extends z.ZodType<object>>(
  schema: Schema,
): MiddlewareHandler<object, string, ParamInput<Schema>, Refusal<400>> {
  return async (c, next) => {
    const parsed = schema.safeParse(c.req.param());
    if (!parsed.success) throw new InvalidArgument(toViolations(parsed.error, "path"));
    c.req.addValidatedData("param", parsed.data);
    await next();
  };
}

interface ParamInput<Schema extends z.ZodType> {
  in: { param: z.input<Schema> };
  out: { param: z.output<Schema> };
}
