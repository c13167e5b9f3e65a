import { createHash } from "node:crypto";
import type { SessionUuid } from "@rocket/platform/auth";
import type { Account } from "./user.ts";

/**
 * A session as it is stored: everything except its identifier, which only the client has. The account is as of the login
 * or its latest change, so that `Whoami` needs only one look-up.
 */
export interface Session extends Account {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When the session ends, however much it is used. ASVS 7.3.2. */
  readonly expiresAt: Date;
}

/** Names a session to everybody but its owner: 122 random bits can't be found from their digest. */
export function digestOf(sessionUuid: SessionUuid): string {
  return createHash("sha256").update(sessionUuid).digest("base64url");
}
