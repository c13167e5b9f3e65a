import type { User } from "./user.ts";

/** A session as it is kept: everything but its identifier, which only its owner has. */
export interface Session {
  /** The user as of login, so that `Whoami` needs one look-up. */
  readonly user: User;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When it ends, whatever happens. ASVS 7.3.2. */
  readonly expiresAt: Date;
}
