import { parseSessionUuid, type SessionUuid } from "@rocket/platform/auth";
import { Unauthenticated } from "@rocket/platform/core";
import type { Session } from "../model/session.ts";
import type { SessionRepository } from "../repository/sessions.ts";

/** A live session with its identifier. */
export interface LiveSession extends Session {
  readonly uuid: SessionUuid;
}

/**
 * Finds out whose session it is, in one look-up.
 *
 * @throws {Unauthenticated} for what is no identifier, unknown or expired alike.
 */
export type Whoami = (identifier: string) => Promise<LiveSession>;

/** Creates the rule of telling whose session it is. */
export function createWhoami(sessions: SessionRepository): Whoami {
  return async (identifier) => {
    const uuid = parseSessionUuid(identifier);
    const session = uuid === undefined ? undefined : await sessions.find(uuid);
    if (uuid === undefined || session === undefined) throw new Unauthenticated();
    return { uuid, ...session };
  };
}
