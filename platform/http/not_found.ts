import type { NotFoundHandler } from "hono";
import type { ErrorBody } from "./error_answer.ts";

/** Answers a path that no route has: 404, with the body of the other errors. */
export const httpNotFoundHandler: NotFoundHandler = (c) => {
  const body: ErrorBody = { code: 404, message: "no such route", reason: "NO_SUCH_ROUTE" };
  return c.json(body, 404);
};
