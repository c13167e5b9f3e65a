import postgres from "postgres";
import { errorCode } from "../core/explain_failure.ts";
import { AccessRefused, DeadlineExceeded, Unavailable } from "../core/failure.ts";

/**
 * SQLSTATEs (PostgreSQL, appendix A) that blame the statement: its data, its syntax, the order of statements. Every
 * other one is a refusal of the server, whatever the reason: no connections, no disk, read-only, failing over.
 */
const STATEMENT_AT_FAULT = /^(0[39ABFLP]|2[0-4]|25(?!006|P03|P04)|27|2[BDF]|3[489B]|42(?!501)|44|54|P0)/;

/** The password, the database or a privilege is wrong (classes 28 and 3D, 42501). */
const ACCESS_REFUSED = /^(28...|3D000|42501)$/;

/** postgres.js's own codes for statements that it can't send. */
const CLIENT_AT_FAULT =
  /^(UNDEFINED_VALUE|NOT_TAGGED_CALL|MAX_PARAMETERS_EXCEEDED|COPY_IN_PROGRESS|UNSAFE_TRANSACTION)$/;

/** No connection can be opened at the moment, so waiting for one is useless. */
const DOWN =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT|28...|3D000|57P03)$/;

const QUERY_CANCELED = "57014";

/** Whether an error shows that no connection can be opened at the moment. */
export function isDown(error: unknown): boolean {
  return DOWN.test(errorCode(error));
}

/** Whether the server takes no writes on this connection (SQLSTATE 25006). */
export function isReadOnly(error: unknown): boolean {
  return errorCode(error) === "25006";
}

/** Maps an error of the driver to a failure; errors that blame the statement, and faults of ours, stay as they are. */
export function toFailure(error: unknown): unknown {
  if (!isRefusal(error)) return error;
  const code = errorCode(error);
  if (code === QUERY_CANCELED) return new DeadlineExceeded("postgres", { cause: error });
  const Kind = ACCESS_REFUSED.test(code) ? AccessRefused : Unavailable;
  return new Kind("postgres", { cause: error });
}

function isRefusal(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return !STATEMENT_AT_FAULT.test(error.code);
  if (isClearedFromQueue(error)) return true;
  // Sockets and TLS fail with a code; so do node's own complaints about wrong arguments, which are faults of ours.
  const code = errorCode(error);
  return code !== "" && !CLIENT_AT_FAULT.test(code) &&
    !(error instanceof TypeError || error instanceof RangeError);
}

/** p-limit rejects the waiting queries with this error when its queue is cleared. */
export function isClearedFromQueue(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** The unique constraint that an error reports as violated (SQLSTATE 23505), or `undefined` for any other error. */
export function brokenUniqueConstraint(error: unknown): string | undefined {
  return brokenConstraint(error, "23505");
}

/** The check constraint that an error reports as violated (SQLSTATE 23514), or `undefined` for any other error. */
export function brokenCheckConstraint(error: unknown): string | undefined {
  return brokenConstraint(error, "23514");
}

function brokenConstraint(error: unknown, code: string): string | undefined {
  return error instanceof postgres.PostgresError && error.code === code ? error.constraint_name : undefined;
}
