import { PermissionDenied } from "@rocket/platform/core";

/** A session's payment on behalf of somebody else than its own user. */
export class NotTheOwnUser extends PermissionDenied {
  constructor() {
    super("USER_NOT_OWN", "a session pays for its own user only");
  }
}
