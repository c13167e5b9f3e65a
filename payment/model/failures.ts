import { PermissionDenied } from "@rocket/platform/core";

/** A session may not pay for another user. */
export class NotTheOwnUser extends PermissionDenied {
  constructor() {
    super("USER_NOT_OWN", "a session can pay for its own user only");
  }
}
