import { parseSessionUuid } from "@rocket/platform/auth";
import type { Logger } from "@rocket/platform/log";
import type { SessionRepository } from "../repository/sessions.ts";

/**
 * Ends a session. Does nothing if there is none with the identifier, so it may be repeated (OWASP ASVS 7.4.1).
 *
 * @param identifier As the client sent it.
 */
export type LogOut = (identifier: string) => Promise<void>;

/** Creates the log-out use case. */
export function createLogOut(sessions: Pick<SessionRepository, "end">, log: Logger): LogOut {
  return async (identifier) => {
    const sessionUuid = parseSessionUuid(identifier);
    const userUuid = sessionUuid === undefined ? undefined : await sessions.end(sessionUuid);
    if (userUuid !== undefined) log.info({ user_uuid: userUuid }, "session ended by its owner");
  };
}
