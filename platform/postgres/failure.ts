import postgres from "postgres";
import { DeadlineExceeded, Unavailable } from "../core/failure.ts";

/** Nobody can connect just now: node's and postgres.js's codes, and the SQLSTATEs of a refusal to whoever comes. */
const DOWN =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT|28...|3D000|57P03)$/;

/** One connection is gone, or could not be had, while others may do well (PostgreSQL, appendix A). */
const LOST = /^(ECONNRESET|EPIPE|ETIMEDOUT|CONNECTION_(CLOSED|DESTROYED|ENDED)|08...|53...|57P0.)$/;

const QUERY_CANCELED = "57014";

/** Whether an error says that nobody can connect to the database just now. */
export function isDown(error: unknown): boolean {
  return DOWN.test(codeOf(error));
}

/** Turns what the driver throws into what a caller is told; the query's own errors stay as they are. */
export function toFailure(error: unknown): unknown {
  const code = codeOf(error);
  if (DOWN.test(code) || LOST.test(code) || isTurnedAway(error)) {
    return new Unavailable("postgres", { cause: error });
  }
  return code === QUERY_CANCELED ? new DeadlineExceeded("postgres", { cause: error }) : error;
}

/** p-limit's word for what waited when the queue was cleared. */
function isTurnedAway(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The name of the unique constraint that an error says is broken (SQLSTATE 23505), or `undefined` for any other error. */
export function brokenUniqueConstraint(error: unknown): string | undefined {
  return brokenConstraint(error, "23505");
}

/** The name of the check constraint that an error says is broken (SQLSTATE 23514), or `undefined` for any other error. */
export function brokenCheckConstraint(error: unknown): string | undefined {
  return brokenConstraint(error, "23514");
}

function brokenConstraint(error: unknown, code: string): string | undefined {
  return error instanceof postgres.PostgresError && error.code === code ? error.constraint_name : undefined;
}
