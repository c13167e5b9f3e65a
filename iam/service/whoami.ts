import { parseSessionUuid, type SessionUuid } from "@rocket/platform/auth";
import { Unauthenticated } from "@rocket/platform/core";
import type { Session } from "../model/session.ts";
import type { SessionRepository } from "../repository/sessions.ts";

/** A live session with its identifier. */
export interface LiveSession extends Session {
  readonly uuid: SessionUuid;
}

/**
 * Finds the session and user that an identifier stands for, in one look-up.
 *
 * @throws {Unauthenticated} if the identifier is malformed or unknown, or if the session has expired.
 */
export type Whoami = (identifier: string) => Promise<LiveSession>;

/** Creates the whoami use case. */
export function createWhoami(sessions: Pick<SessionRepository, "find">): Whoami {
  return async (identifier) => {
    const uuid = parseSessionUuid(identifier);
    const session = uuid === undefined ? undefined : await sessions.find(uuid);
    if (uuid === undefined || session === undefined || session.expiresAt.getTime() <= Date.now()) {
      throw new Unauthenticated();
    }
    return { uuid, ...session };
  };
}
