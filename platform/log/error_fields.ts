/** The fields of an error that are logged. */
export interface ErrorFields {
  /** Its name, e.g. `PostgresError`. */
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  /** The code its library gave it: an SQLSTATE, a gRPC status, a system error. */
  readonly code?: string | number;
  readonly cause?: ErrorFields;
  /** What an `AggregateError` gathered. */
  readonly errors?: readonly ErrorFields[];
}

/** How many causes are followed; a chain of causes may be circular. */
const MAX_DEPTH = 5;

/**
 * Converts anything thrown into fields for the log. Only named fields are copied, because libraries attach what they
 * worked on to their errors: grpc-js the metadata with the session, postgres.js the row, ioredis the command.
 * ASVS 16.2.5.
 */
export function errorFields(thrown: unknown, depth = 0): ErrorFields {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: describe(thrown) };
  const { name, message, stack } = thrown;
  const cause = thrown.cause === undefined || depth === MAX_DEPTH ? undefined : thrown.cause;
  return {
    type: name,
    message,
    ...(stack !== undefined && { stack }),
    ...("code" in thrown && isCode(thrown.code) && { code: thrown.code }),
    ...(cause !== undefined && { cause: errorFields(cause, depth + 1) }),
    ...(thrown instanceof AggregateError && depth < MAX_DEPTH && {
      errors: thrown.errors.map((error) => errorFields(error, depth + 1)),
    }),
  };
}

function isCode(code: unknown): code is string | number {
  return typeof code === "string" || typeof code === "number";
}

/** An object that is not an `Error` may hold secrets, so only primitive values are shown. */
function describe(thrown: unknown): string {
  return typeof thrown === "object" || typeof thrown === "function" ? "not an Error" : String(thrown);
}
