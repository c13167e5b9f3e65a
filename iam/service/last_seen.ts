import type { Logger } from "@rocket/platform/log";
import { type LiveSession, SEEN_EVERY_MS } from "../model/session.ts";
import type { SessionRepository } from "../repository/sessions.ts";

/** Notes that a session is used, at most once a minute, without making the caller wait. */
export type NoteSeen = (session: LiveSession) => void;

/** Creates what notes when sessions are used. A note that fails is logged; the next use makes another. */
export function createNoteSeen(sessions: Pick<SessionRepository, "noteSeen">, log: Logger): NoteSeen {
  const underWay = new Set<string>();

  async function note(uuid: LiveSession["uuid"], seenAt: Date): Promise<void> {
    try {
      await sessions.noteSeen(uuid, seenAt);
    } catch (err) {
      log.warn({ err }, "last use of a session not noted");
    } finally {
      underWay.delete(uuid);
    }
  }

  return ({ uuid, lastSeenAt }) => {
    const seenAt = new Date();
    if (seenAt.getTime() - lastSeenAt.getTime() < SEEN_EVERY_MS || underWay.has(uuid)) return;
    underWay.add(uuid);
    note(uuid, seenAt);
  };
}
