/** One broken rule of one field of a request. */
export interface FieldViolation {
  /** The path of the field as the contract names it, e.g. `info.notification_methods[0].target`. */
  readonly field: string;
  /** The rule that is broken, in words for the caller. */
  readonly message: string;
}

/**
 * A failure that a caller is told about. Its message is public: it never holds a password, a session
 * identifier or anything of another user. Anything thrown that is not a `Failure` is a fault of ours.
 */
export abstract class Failure extends Error {
  /**
   * @param reason Stable and machine-readable, UPPER_SNAKE_CASE: `google.rpc.ErrorInfo.reason` on the wire.
   * @param message What the caller reads.
   * @param options The error that led here; logged, never told.
   */
  constructor(readonly reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One or more fields of the request break their rules; every broken field is named. */
export class InvalidArgument extends Failure {
  constructor(readonly violations: readonly FieldViolation[]) {
    super("INVALID_ARGUMENT", describeViolations(violations));
  }
}

/** Says in one sentence which fields break which rules. */
export function describeViolations(violations: readonly FieldViolation[]): string {
  return violations.map(({ field, message }) => `${field}: ${message}`).join("; ");
}

/** The caller's identity is missing, unknown or over. Says no more, so that nothing can be probed. */
export class Unauthenticated extends Failure {
  constructor(reason = "SESSION_INVALID", message = "a valid session is required") {
    super(reason, message);
  }
}

/** The caller is known and may not do this. */
export class PermissionDenied extends Failure {}

/** What the request names does not exist, or is not the caller's to know about. */
export class NotFound extends Failure {}

/** A unique property of what is to be created is taken. */
export class AlreadyExists extends Failure {}

/** The state of the system forbids this; the same call may succeed in another state. */
export class FailedPrecondition extends Failure {}

/** The same work is under way already: its outcome is worth waiting for. */
export class Aborted extends Failure {
  readonly retryAfterSeconds = 1;
}

/** What the request says can't be done, though each of its fields keeps its rule. */
export class Unprocessable extends Failure {}

/** Too many tries, or a queue is full. */
export class ResourceExhausted extends Failure {
  constructor(reason: string, message: string, readonly retryAfterSeconds: number) {
    super(reason, message);
  }
}

/** A service or store that is needed can't be reached, or refuses. */
export class Unavailable extends Failure {
  readonly retryAfterSeconds = 1;

  constructor(readonly dependency: string, options?: ErrorOptions) {
    super("DEPENDENCY_UNAVAILABLE", `${dependency} is unavailable`, options);
  }
}

/** A service or store is there but did not answer in time. */
export class DeadlineExceeded extends Failure {
  constructor(readonly dependency: string, options?: ErrorOptions) {
    super("DEADLINE_EXCEEDED", `${dependency} did not answer in time`, options);
  }
}

/** Whether the same call may well succeed after `retryAfterSeconds`. */
export function isWorthRetrying(error: unknown): error is Aborted | ResourceExhausted | Unavailable {
  return error instanceof Aborted || error instanceof ResourceExhausted || error instanceof Unavailable;
}
