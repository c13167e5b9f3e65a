import {
  Aborted,
  AlreadyExists,
  InvalidArgument,
  NotFound,
  PermissionDenied,
  Unauthenticated,
} from "@rocket/platform/core";

/** Another user has this login, possibly in another letter case. */
export class LoginTaken extends AlreadyExists {
  constructor() {
    super("LOGIN_TAKEN", "login: is taken");
  }
}

/** Another user has this e-mail address, possibly in another letter case. */
export class EmailTaken extends AlreadyExists {
  constructor() {
    super("EMAIL_TAKEN", "email: is taken");
  }
}

/** The login or the password is wrong; the answer never says which. ASVS 6.3.8. */
export class WrongCredentials extends Unauthenticated {
  constructor() {
    super("CREDENTIALS_INVALID", "login or password is wrong");
  }
}

/** The password that a session must confirm is wrong. Not `Unauthenticated`: the session itself is still good. */
export class WrongPassword extends PermissionDenied {
  constructor() {
    super("PASSWORD_INCORRECT", "the password is wrong");
  }
}

/** The new password was breached elsewhere. ASVS 6.2.12. */
export class BreachedPassword extends InvalidArgument {
  /** @param field The path of the password in the request. */
  constructor(field: string) {
    super([{ field, message: "was in a data breach, so it is guessed first: choose another" }]);
  }
}

/** A mailed token is unknown, used, expired or replaced, or its account has changed; the answer never says which. */
export class TokenInvalid extends PermissionDenied {
  constructor() {
    super("TOKEN_INVALID", "the token is not valid, or no longer");
  }
}

/** The account was changed, e.g. its password, after this request had checked the password. */
export class AccountChangedMeanwhile extends Aborted {
  constructor() {
    super("ACCOUNT_CHANGED", "the account was changed by another request at the same time");
  }
}

/** The user has no session with this handle. */
export class SessionNotFound extends NotFound {
  constructor() {
    super("SESSION_NOT_FOUND", "no such session");
  }
}

/** No user has this identifier. */
export class UserNotFound extends NotFound {
  constructor() {
    super("USER_NOT_FOUND", "no such user");
  }
}
