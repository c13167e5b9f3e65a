import { AlreadyExists, NotFound, Unauthenticated } from "@rocket/platform/core";

/** Another user has the login, in some mix of upper and lower case. */
export class LoginTaken extends AlreadyExists {
  constructor() {
    super("LOGIN_TAKEN", "login: is taken");
  }
}

/** Another user has the e-mail address, in some mix of upper and lower case. */
export class EmailTaken extends AlreadyExists {
  constructor() {
    super("EMAIL_TAKEN", "email: is taken");
  }
}

/** Login or password is wrong; which of them is never told. ASVS 6.3.8. */
export class WrongCredentials extends Unauthenticated {
  constructor() {
    super("CREDENTIALS_INVALID", "login or password is wrong");
  }
}

/** No user has this identifier. */
export class UserNotFound extends NotFound {
  constructor() {
    super("USER_NOT_FOUND", "no such user");
  }
}
