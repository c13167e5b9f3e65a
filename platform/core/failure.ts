/** The kind of a failure. Each protocol has one total map from kinds to its own statuses. */
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
 * A failure that is reported to the caller. Its message is public: it never contains a password, a session identifier
 * or data of another user. Anything else that is thrown is a bug.
 */
export abstract class Failure extends Error {
  abstract readonly kind: FailureKind;
  /** After how many seconds a retry may succeed; absent if waiting does not help. */
  readonly retryAfterSeconds?: number;

  /**
   * @param reason Stable and machine-readable, UPPER_SNAKE_CASE: `google.rpc.ErrorInfo.reason` on the wire.
   * @param message Sent to the caller.
   * @param options The cause is logged, never sent.
   */
  constructor(readonly reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One or more fields of the request break a rule; every one of them is named. */
export class InvalidArgument extends Failure {
  readonly kind = "invalid_argument";

  constructor(readonly violations: readonly FieldViolation[]) {
    super("INVALID_ARGUMENT", describeViolations(violations));
  }
}

/** Lists the fields and the rules that they break, in one line. */
export function describeViolations(violations: readonly FieldViolation[]): string {
  return violations.map(({ field, message }) => `${field}: ${message}`).join("; ");
}

/** The caller's credentials are missing, unknown or expired. The message does not say which, so that they can't be probed. */
export class Unauthenticated extends Failure {
  readonly kind = "unauthenticated";

  constructor(reason = "SESSION_INVALID", message = "a valid session is required") {
    super(reason, message);
  }
}

/** The caller is known but not allowed to do this. */
export class PermissionDenied extends Failure {
  readonly kind = "permission_denied";
}

/** The resource does not exist, or the caller may not know that it does. */
export class NotFound extends Failure {
  readonly kind = "not_found";
}

/** A unique property of the new resource is already taken. */
export class AlreadyExists extends Failure {
  readonly kind = "already_exists";
}

/** The current state forbids this; the same call may succeed in another state. */
export class FailedPrecondition extends Failure {
  readonly kind = "failed_precondition";
}

/** The same work is already in progress; a retry will find its outcome. */
export class Aborted extends Failure {
  readonly kind = "aborted";
  override readonly retryAfterSeconds = 1;
}

/** Every field of the request is valid, but the request as a whole can't be carried out. */
export class Unprocessable extends Failure {
  readonly kind = "unprocessable";
}

/** Too many attempts, or a full queue. */
export class ResourceExhausted extends Failure {
  readonly kind = "resource_exhausted";

  constructor(reason: string, message: string, override readonly retryAfterSeconds: number) {
    super(reason, message);
  }
}

/** A required service or store can't be reached, or refuses to work. */
export class Unavailable extends Failure {
  readonly kind = "unavailable";
  override readonly retryAfterSeconds = 1;

  constructor(readonly dependency: string, options?: ErrorOptions) {
    super("DEPENDENCY_UNAVAILABLE", `${dependency} is unavailable`, options);
  }
}

/** A store refuses our password, database or permissions. Callers see it as unavailable; waiting does not help. */
export class AccessRefused extends Unavailable {}

/** A service or store did not answer in time. */
export class DeadlineExceeded extends Failure {
  readonly kind = "deadline_exceeded";

  constructor(readonly dependency: string, options?: ErrorOptions) {
    super("DEADLINE_EXCEEDED", `${dependency} did not answer in time`, options);
  }
}
