import { requireSession } from "@rocket/platform/auth";

/** The UUID of the session's user, in canonical form. */
export function sessionUser(): string {
  return requireSession().userUuid;
}
