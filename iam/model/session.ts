import type { User } from "./user.ts";

/** A session as it is stored: everything except its identifier, which only the client has. */
export interface Session {
  /** The user as of the login, so that `Whoami` needs only one look-up. */
  readonly user: User;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When the session ends, however much it is used. ASVS 7.3.2. */
  readonly expiresAt: Date;
}
