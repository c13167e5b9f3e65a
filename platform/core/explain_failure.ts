/**
 * Says in one line why a probe or a start failed: the message of the error and of what caused it. Only for logs and
 * the person who starts the service; callers get the failure's own message.
 */
export function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message || errorCode(error) || error.name;
  const cause = error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
  return cause === undefined ? message : `${message}: ${explainFailure(cause)}`;
}

/** The code that a library gave an error, e.g. `ECONNREFUSED` or an SQLSTATE; empty if there is none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
