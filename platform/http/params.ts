import type { Context, MiddlewareHandler } from "hono";
import type { z } from "zod";
import { InvalidArgument } from "../core/failure.ts";
import type { Refusal } from "./error_answer.ts";
import { toViolations } from "./violations.ts";

/** A middleware that leaves a part of the request, parsed and typed, for `c.req.valid(target)`. */
type Parsing<Target extends string, Schema extends z.ZodType> = MiddlewareHandler<
  object,
  string,
  {
    // A typed client need not give what has no required field.
    in: object extends Sent<Schema> ? { [K in Target]?: Sent<Schema> } : { [K in Target]: Sent<Schema> };
    out: { [K in Target]: z.output<Schema> };
  },
  Refusal<400>
>;

/** What a client gives: a validator that makes numbers of texts takes anything, and says what it makes. */
type Sent<Schema extends z.ZodType> = {
  [K in keyof z.input<Schema>]: unknown extends z.input<Schema>[K]
    ? z.output<Schema>[K & keyof z.output<Schema>]
    : z.input<Schema>[K];
};

/**
 * Creates a middleware that reads the path's parameters by a generated validator; the handler finds them,
 * typed, by `c.req.valid("param")`.
 *
 * @throws {InvalidArgument} naming every parameter that breaks its rule.
 */
export function pathParams<Schema extends z.ZodType<object>>(schema: Schema): Parsing<"param", Schema> {
  return parsing("param", "path", schema, (c) => c.req.param());
}

/**
 * Creates a middleware that reads the query's parameters by a generated validator; the handler finds them,
 * typed, by `c.req.valid("query")`. A parameter that comes more than once is no text, and so breaks its rule.
 *
 * @throws {InvalidArgument} naming every parameter that breaks its rule or is unknown.
 */
export function queryParams<Schema extends z.ZodType<object>>(schema: Schema): Parsing<"query", Schema> {
  return parsing("query", "query", schema, (c) => {
    const values = Object.entries(c.req.queries());
    return Object.fromEntries(values.map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
  });
}

/**
 * Creates a middleware that reads the headers that a generated validator names, as the document spells them; the
 * handler finds them, typed, by `c.req.valid("header")`.
 *
 * @throws {InvalidArgument} naming every header that breaks its rule.
 */
export function headerParams<Shape extends z.core.$ZodShape>(
  schema: z.ZodObject<Shape>,
): Parsing<"header", z.ZodObject<Shape>> {
  return parsing("header", "headers", schema, (c) => {
    const values = Object.keys(schema.shape).map((name) => [name, c.req.header(name)] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  });
}

function parsing<const Target extends "param" | "query" | "header", Schema extends z.ZodType<object>>(
  target: Target,
  whole: string,
  schema: Schema,
  read: (c: Context) => unknown,
): Parsing<Target, Schema> {
  return async (c, next) => {
    const parsed = schema.safeParse(read(c));
    if (!parsed.success) throw new InvalidArgument(toViolations(parsed.error, whole));
    c.req.addValidatedData(target, parsed.data);
    await next();
  };
}
