import type { Email } from "./email.ts";
import type { Login } from "./login.ts";
import type { NotificationMethod } from "./notification_method.ts";
import type { Password } from "./password.ts";

/** A registered user without their password and its hash, so that it may leave IAM. */
export interface User {
  readonly uuid: string;
  readonly login: string;
  readonly email: string;
  readonly notificationMethods: readonly NotificationMethod[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A registration whose fields are all valid. */
export interface Registration {
  readonly login: Login;
  readonly email: Email;
  readonly password: Password;
  readonly notificationMethods: readonly NotificationMethod[];
}
