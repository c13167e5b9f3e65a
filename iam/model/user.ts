import type { Email } from "./email.ts";
import type { Login } from "./login.ts";
import type { NotificationMethod } from "./notification_method.ts";
import type { Password } from "./password.ts";

/** A registered person, as others may see them: no password, no hash. */
export interface User {
  readonly uuid: string;
  readonly login: string;
  readonly email: string;
  readonly notificationMethods: readonly NotificationMethod[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a person registers with, every field within its rules. */
export interface Registration {
  readonly login: Login;
  readonly email: Email;
  readonly password: Password;
  readonly notificationMethods: readonly NotificationMethod[];
}
