import type { Email } from "./email.ts";
import type { Login } from "./login.ts";
import type { NotificationMethod } from "./notification_method.ts";
import type { Password } from "./password.ts";

/** A registered user without their password and its hash, so that it may leave IAM. */
export interface User {
  readonly uuid: string;
  readonly login: string;
  readonly email: string;
  /** When the owner proved that mail to this address arrives. */
  readonly emailVerifiedAt: Date | undefined;
  readonly notificationMethods: readonly NotificationMethod[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A user, and which generation of their sessions may still be opened: it rises with each change of the account. */
export interface Account {
  readonly user: User;
  readonly generation: number;
}

/** What a user may change about their account besides the password. */
export interface Profile {
  readonly email: Email;
  readonly notificationMethods: readonly NotificationMethod[];
}

/** A registration whose fields are all valid. */
export interface Registration extends Profile {
  readonly login: Login;
  readonly password: Password;
}
