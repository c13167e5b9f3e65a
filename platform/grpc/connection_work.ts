import { constants, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { Server } from "@grpc/grpc-js";
import { wrapHttp2Event } from "./http2_hook.ts";

/**
 * What a connection may ask for in a second. A service sends all its calls to another over one connection, and asks for
 * far less than this; gRPC pings a few times a second at most.
 */
export const WORK_LIMITS: WorkLimits = { calls: 10_000, controlFrames: 100 };

/** How many of each a connection may ask for in a second. */
export interface WorkLimits {
  readonly calls: number;
  readonly controlFrames: number;
}

/** The frames that cost work without being part of a call. nghttp2 itself limits how many streams a client may reset. */
const CONTROL_EVENTS = ["ping", "remoteSettings", "priority"] as const;

/** What a connection has asked for since `startedAt`. */
interface Asked {
  readonly startedAt: number;
  calls: number;
  controlFrames: number;
}

const WINDOW_MS = 1_000;

/**
 * Bounds what one connection of a server may ask for in a second. Calls past the limit are reset with
 * `ENHANCE_YOUR_CALM` (for gRPC clients `RESOURCE_EXHAUSTED`) before anything reads them; a connection that asks for
 * twice as many, or sends too many control frames, is closed.
 *
 * Call it before the server is bound.
 *
 * @param clock A monotonic clock, in milliseconds.
 */
export function limitWork(
  server: Server,
  limits: WorkLimits = WORK_LIMITS,
  clock: () => number = () => performance.now(),
): void {
  const askedBy = new WeakMap<object, Asked>();
  const count = (session: object, what: keyof WorkLimits): number => {
    const now = clock();
    let asked = askedBy.get(session);
    if (asked === undefined || now - asked.startedAt >= WINDOW_MS) {
      asked = { startedAt: now, calls: 0, controlFrames: 0 };
      askedBy.set(session, asked);
    }
    return ++asked[what];
  };
  wrapHttp2Event<(session: ServerHttp2Session) => void>(server, "session", (_, handle) => (session) => {
    for (const event of CONTROL_EVENTS) {
      session.on(event, () => {
        if (count(session, "controlFrames") > limits.controlFrames) end(session);
      });
    }
    handle(session);
  });
  wrapHttp2Event<(stream: ServerHttp2Stream, ...rest: unknown[]) => void>(
    server,
    "stream",
    (_, handle) => (stream, ...rest) => {
      const { session } = stream;
      const calls = session === undefined ? 0 : count(session, "calls");
      if (session === undefined || calls <= limits.calls) return handle(stream, ...rest);
      // The client may reset a stream that was refused; nothing is left to do for it.
      stream.on("error", () => {});
      stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      if (calls > 2 * limits.calls) end(session);
    },
  );
}

function end(session: { readonly destroyed: boolean; destroy(error?: Error, code?: number): void }): void {
  // Deno emits events of frames while nghttp2 reads them, and frees the session at once.
  setImmediate(() => {
    if (!session.destroyed) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });
}
