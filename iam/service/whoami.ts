import { parseSessionUuid } from "@rocket/platform/auth";
import { Unauthenticated } from "@rocket/platform/core";
import type { LiveSession } from "../model/session.ts";
import type { SessionRepository } from "../repository/sessions.ts";
import type { NoteSeen } from "./last_seen.ts";

/**
 * Finds the session and user that an identifier stands for, in one look-up.
 *
 * @throws {Unauthenticated} if the identifier is malformed or unknown, or if the session has expired.
 */
export type Whoami = (identifier: string) => Promise<LiveSession>;

/** Creates the whoami use case. */
export function createWhoami(sessions: Pick<SessionRepository, "find">, noteSeen: NoteSeen): Whoami {
  return async (identifier) => {
    const uuid = parseSessionUuid(identifier);
    const session = uuid === undefined ? undefined : await sessions.find(uuid);
    if (uuid === undefined || session === undefined || session.expiresAt.getTime() <= Date.now()) {
      throw new Unauthenticated();
    }
    const live = { uuid, ...session };
    noteSeen(live);
    return live;
  };
}
