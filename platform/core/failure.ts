/** What kind of failure it is. Each protocol has one total map from kinds to its own statuses. */
export type FailureKind =
  | "invalid_argument"
  | "unauthenticated"
  | "permission_denied"
  | "not_found"
  | "already_exists"
  | "failed_precondition"
  | "aborted"
  | "unprocessable"
  | "resource_exhausted"
  | "unavailable"
  | "deadline_exceeded";

/** One broken rule of one field of a request. */
export interface FieldViolation {
  /** The path of the field as the contract names it, e.g. `info.notification_methods[0].target`. */
  readonly field: string;
  /** The broken rule, in words for the caller. */
  readonly message: string;
}

/**
 * A failure that is reported to the caller. Its message is public: it never holds a password, a session identifier or
 * anything of another user. Anything thrown that is not a `Failure` is a fault of ours.
 */
export abstract class Failure extends Error {
  abstract readonly kind: FailureKind;
  /** After how many seconds the same call may well succeed; absent if waiting does not help. */
  readonly retryAfterSeconds?: number;

  /**
   * @param reason Stable and machine-readable, UPPER_SNAKE_CASE: `google.rpc.ErrorInfo.reason` on the wire.
   * @param message What the caller reads.
   * @param options The error that led here; logged, never sent.
   */
  constructor(readonly reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One or more fields of the request break their rules; every broken field is named. */
export class InvalidArgument extends Failure {
  readonly kind = "invalid_argument";

  constructor(readonly violations: readonly FieldViolation[]) {
    super("INVALID_ARGUMENT", describeViolations(violations));
  }
}

/** Says in one sentence which fields break which rules. */
export function describeViolations(violations: readonly FieldViolation[]): string {
  return violations.map(({ field, message }) => `${field}: ${message}`).join("; ");
}

/** The caller's identity is missing, unknown or expired. Says no more, so that nothing can be probed. */
export class Unauthenticated extends Failure {
  readonly kind = "unauthenticated";

  constructor(reason = "SESSION_INVALID", message = "a valid session is required") {
    super(reason, message);
  }
}

/** The caller is known and may not do this. */
export class PermissionDenied extends Failure {
  readonly kind = "permission_denied";
}

/** What the request names does not exist, or the caller may not know that it does. */
export class NotFound extends Failure {
  readonly kind = "not_found";
}

/** A unique property of what is to be created is taken. */
export class AlreadyExists extends Failure {
  readonly kind = "already_exists";
}

/** The state of the system forbids this; the same call may succeed in another state. */
export class FailedPrecondition extends Failure {
  readonly kind = "failed_precondition";
}

/** The same work is under way already: its outcome is worth waiting for. */
export class Aborted extends Failure {
  readonly kind = "aborted";
  override readonly retryAfterSeconds = 1;
}

/** The request can't be carried out, though each of its fields keeps its rule. */
export class Unprocessable extends Failure {
  readonly kind = "unprocessable";
}

/** Too many tries, or a queue is full. */
export class ResourceExhausted extends Failure {
  readonly kind = "resource_exhausted";

  constructor(reason: string, message: string, override readonly retryAfterSeconds: number) {
    super(reason, message);
  }
}

/** A service or store that is needed can't be reached, or refuses. */
export class Unavailable extends Failure {
  readonly kind = "unavailable";
  override readonly retryAfterSeconds = 1;

  constructor(readonly dependency: string, options?: ErrorOptions) {
    super("DEPENDENCY_UNAVAILABLE", `${dependency} is unavailable`, options);
  }
}

/** A service or store did not answer in time. */
export class DeadlineExceeded extends Failure {
  readonly kind = "deadline_exceeded";

  constructor(readonly dependency: string, options?: ErrorOptions) {
    super("DEADLINE_EXCEEDED", `${dependency} did not answer in time`, options);
  }
}
