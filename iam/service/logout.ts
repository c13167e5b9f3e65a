import { parseSessionUuid } from "@rocket/platform/auth";
import { digestOf } from "../model/session.ts";
import type { SessionRepository } from "../repository/sessions.ts";
import type { Audit } from "./audit.ts";

/**
 * Ends a session. Does nothing if there is none with the identifier, so it may be repeated (OWASP ASVS 7.4.1).
 *
 * @param identifier As the client sent it.
 */
export type LogOut = (identifier: string) => Promise<void>;

/** Creates the log-out use case. */
export function createLogOut(sessions: Pick<SessionRepository, "end">, audit: Pick<Audit, "note">): LogOut {
  return async (identifier) => {
    const sessionUuid = parseSessionUuid(identifier);
    if (sessionUuid === undefined) return;
    const userUuid = await sessions.end(sessionUuid);
    if (userUuid !== undefined) audit.note({ kind: "logged_out", userUuid, session: digestOf(sessionUuid) });
  };
}
