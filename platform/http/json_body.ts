import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";
import { InvalidArgument } from "../core/failure.ts";
import type { Refusal } from "./error_answer.ts";
import { toViolations } from "./violations.ts";

/** The largest request body, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * Creates a middleware that refuses a body over 64 KiB with 413, before more of it than that is read.
 */
export function limitBody(): MiddlewareHandler<object, string, object, Refusal<413>> {
  const limit = bodyLimit({
    maxSize: BODY_LIMIT_BYTES,
    onError: () => {
      throw new HTTPException(413, { message: `the body may have ${BODY_LIMIT_BYTES} bytes at most` });
    },
  });
  return async (c, next) => {
    let isRead = false;
    const goOn = () => (isRead = true, next());
    try {
      await limit(c, goOn);
    } catch (error) {
      throw isRead || error instanceof HTTPException ? error : bodyIncomplete();
    }
  };
}

/** Reading a body fails when its sender hangs up, which is no fault of ours and no news. */
function bodyIncomplete(): HTTPException {
  return new HTTPException(400, { message: "the body ended before its end" });
}

/**
 * Creates a middleware that reads the JSON body by a generated validator; the handler finds it, typed,
 * by `c.req.valid("json")`.
 *
 * @throws {HTTPException} 415 for another media type than `application/json`, 400 for a body that breaks off.
 * @throws {InvalidArgument} for what is no JSON, and naming every field that breaks its rule.
 */
export function jsonBody<Schema extends z.ZodType>(
  schema: Schema,
): MiddlewareHandler<object, string, JsonInput<Schema>, Refusal<400 | 415>> {
  return async (c, next) => {
    const mediaType = c.req.header("Content-Type")?.split(";")[0]?.trim().toLowerCase();
    if (mediaType !== "application/json") {
      throw new HTTPException(415, { message: "the body must be sent as application/json" });
    }
    const bytes = await c.req.arrayBuffer().catch(() => Promise.reject(bodyIncomplete()));
    const parsed = schema.safeParse(parseJson(bytes));
    if (!parsed.success) throw new InvalidArgument(toViolations(parsed.error, "body"));
    // A schema of an object gives an object; hono types what it stores so.
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
