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

/** How many characters of a message and of a stack are logged: both may quote a whole request. */
const MAX_MESSAGE_LENGTH = 2_048;
const MAX_STACK_LENGTH = 8_192;

/** How many of the errors that an `AggregateError` gathered are logged. */
const MAX_ERRORS = 10;

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
    message: cutText(message, MAX_MESSAGE_LENGTH),
    ...(stack !== undefined && { stack: cutText(stack, MAX_STACK_LENGTH) }),
    ...("code" in thrown && isCode(thrown.code) && { code: thrown.code }),
    ...(cause !== undefined && { cause: errorFields(cause, depth + 1) }),
    ...(thrown instanceof AggregateError && depth < MAX_DEPTH && {
      errors: thrown.errors.slice(0, MAX_ERRORS).map((error) => errorFields(error, depth + 1)),
    }),
  };
}

function isCode(code: unknown): code is string | number {
  return typeof code === "string" || typeof code === "number";
}

/** An object that is not an `Error` may hold secrets, so only primitive values are shown. */
function describe(thrown: unknown): string {
  if (typeof thrown === "object" || typeof thrown === "function") return "not an Error";
  return cutText(String(thrown), MAX_MESSAGE_LENGTH);
}

/** Cuts a text that is too long, and says how long it was. */
export function cutText(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}… (${text.length} characters)` : text;
}
