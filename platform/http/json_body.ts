import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import pTimeout from "p-timeout";
import type { z } from "zod";
import { timeLeftMs } from "../core/deadline.ts";
import { InvalidArgument } from "../core/failure.ts";
import type { Refusal } from "./error_answer.ts";
import { toViolations } from "./violations.ts";

/** The largest request body, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * Creates a middleware that reads the request's body, at most 64 KiB of it and only until the request's deadline.
 *
 * @throws {HTTPException} 413 if the body is larger, without reading the rest; 408 if it does not arrive in time;
 * 400 if it is truncated.
 */
export function readBody(): MiddlewareHandler<object, string, object, Refusal<400 | 408 | 413>> {
  const limit = bodyLimit({
    maxSize: BODY_LIMIT_BYTES,
    onError: () => {
      throw new HTTPException(413, { message: `the body may have ${BODY_LIMIT_BYTES} bytes at most` });
    },
  });
  return async (c, next) => {
    const milliseconds = timeLeftMs();
    if (milliseconds === 0) refuseSlowBody();
    // Hono caches what has been read, for the validators.
    const reading = limit(c, async () => void await c.req.arrayBuffer());
    await pTimeout(reading.catch(explain), { milliseconds, fallback: refuseSlowBody });
    await next();
  };
}

function refuseSlowBody(): never {
  throw new HTTPException(408, { message: "the request body did not arrive in time" });
}

/** Reading a body fails if the client hangs up, which is not a fault of ours and not worth a log entry. */
function explain(error: unknown): never {
  throw error instanceof HTTPException
    ? error
    : new HTTPException(400, { message: "request body truncated" });
}

/**
 * Creates a middleware that parses and validates a JSON body; the handler gets it, typed, from `c.req.valid("json")`.
 * Place it after {@linkcode readBody}.
 *
 * @throws {HTTPException} 415 if the media type is not `application/json`, or the body has a content encoding.
 * @throws {InvalidArgument} if the body is not JSON, or naming every field that breaks its rule.
 */
export function jsonBody<Schema extends z.ZodType>(
  schema: Schema,
): MiddlewareHandler<object, string, JsonInput<Schema>, Refusal<400 | 415>> {
  return async (c, next) => {
    const mediaType = c.req.header("Content-Type")?.split(";")[0]?.trim().toLowerCase();
    if (mediaType !== "application/json") {
      throw new HTTPException(415, { message: "the body must be sent as application/json" });
    }
    const encoding = c.req.header("Content-Encoding")?.trim().toLowerCase() ?? "identity";
    if (encoding !== "identity") {
      const res = new Response(null, { headers: { "Accept-Encoding": "identity" } });
      throw new HTTPException(415, { message: "the body must be sent without Content-Encoding", res });
    }
    const parsed = schema.safeParse(parseJson(await c.req.arrayBuffer()));
    if (!parsed.success) throw new InvalidArgument(toViolations(parsed.error, "body"));
    // Hono stores only objects, and every body in our documents is one.
    c.req.addValidatedData("json", parsed.data as object);
    await next();
  };
}

interface JsonInput<Schema extends z.ZodType> {
  in: { json: z.input<Schema> };
  out: { json: z.output<Schema> };
}

function parseJson(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new InvalidArgument([{ field: "body", message: "must be JSON in UTF-8" }]);
  }
}
