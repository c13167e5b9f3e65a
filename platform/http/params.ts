import type { Context, MiddlewareHandler } from "hono";
import { z } from "zod";
import { InvalidArgument } from "../core/failure.ts";
import type { Refusal } from "./error_answer.ts";
import { toViolations } from "./violations.ts";

/** A middleware that parses a part of the request; the handler gets it, typed, from `c.req.valid(target)`. */
type Parsing<Target extends string, Schema extends z.ZodType> = MiddlewareHandler<
  object,
  string,
  {
    // A typed client may leave out a part that has no required fields.
    in: object extends Sent<Schema> ? { [K in Target]?: Sent<Schema> } : { [K in Target]: Sent<Schema> };
    out: { [K in Target]: z.output<Schema> };
  },
  Refusal<400>
>;

/** What a client passes: a validator that coerces has the input `unknown`, so its output type is used. */
type Sent<Schema extends z.ZodType> = {
  [K in keyof z.input<Schema>]: unknown extends z.input<Schema>[K]
    ? z.output<Schema>[K & keyof z.output<Schema>]
    : z.input<Schema>[K];
};

/**
 * Creates a middleware that validates the path's parameters; the handler gets them from `c.req.valid("param")`.
 *
 * @throws {InvalidArgument} naming every parameter that breaks its rule.
 */
export function pathParams<Schema extends z.ZodType<object>>(schema: Schema): Parsing<"param", Schema> {
  return parse("param", "path", schema, (c) => c.req.param());
}

/**
 * Creates a middleware that validates the query's parameters; the handler gets them from `c.req.valid("query")`. A
 * parameter that comes more than once breaks its rule, because its value is a list.
 *
 * @throws {InvalidArgument} naming every parameter that breaks its rule or is unknown.
 */
export function queryParams<Shape extends z.core.$ZodShape>(
  schema: z.ZodObject<Shape>,
): Parsing<"query", z.ZodObject<Shape>> {
  return parse("query", "query", schema, (c) => {
    return Object.fromEntries(
      Object.entries(c.req.queries()).map(([name, [text, ...others]]) => {
        if (text === undefined || others.length > 0) return [name, [text, ...others]];
        const isBroken = isNumber(schema.shape[name]) && !PLAIN_NUMBER.test(text);
        return [name, isBroken ? NaN : text];
      }),
    );
  });
}

/** The generated validators coerce as JavaScript does, which also reads `0x10`, `1e1` and an empty string as numbers. */
const PLAIN_NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

/** Whether a validator is of a number, possibly optional or with a default. */
function isNumber(schema: z.core.$ZodType | undefined): boolean {
  if (schema === undefined) return false;
  if (schema instanceof z.ZodNumber) return true;
  return (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) &&
    isNumber(schema.def.innerType);
}

/**
 * Creates a middleware that validates the headers that the schema names; the handler gets them, spelled as in the
 * document, from `c.req.valid("header")`.
 *
 * @throws {InvalidArgument} naming every header that breaks its rule.
 */
export function headerParams<Shape extends z.core.$ZodShape>(
  schema: z.ZodObject<Shape>,
): Parsing<"header", z.ZodObject<Shape>> {
  return parse("header", "headers", schema, (c) => {
    const values = Object.keys(schema.shape).map((name) => [name, c.req.header(name)] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  });
}

function parse<const Target extends "param" | "query" | "header", Schema extends z.ZodType<object>>(
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
