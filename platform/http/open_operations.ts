import type { Context } from "hono";
import { z } from "zod";
import type { OpenApiDocument } from "./docs.ts";

/** The part of a document that says who may call an operation. */
const Paths = z.record(z.string(), z.record(z.string(), z.unknown()));
const Open = z.looseObject({ security: z.array(z.unknown()).max(0) });

/**
 * Finds the operations that a document opens to all by `security: []` (OpenAPI 3.1, Operation Object). The contract is
 * the one place that says so; whatever it does not list as open takes a session.
 *
 * @returns Whether a request is for one of them. An operation with parameters in its path never is.
 */
export function openOperations({ paths = {} }: OpenApiDocument): (c: Context) => boolean {
  const open = new Set(
    Object.entries(Paths.parse(paths)).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, operation]) => !path.includes("{") && Open.safeParse(operation).success)
        .map(([method]) => `${method.toUpperCase()} ${path}`)
    ),
  );
  return (c) => open.has(`${c.req.method} ${c.req.path}`);
}
