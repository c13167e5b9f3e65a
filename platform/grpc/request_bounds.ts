import { constants, type ServerHttp2Stream } from "node:http2";
import { REQUEST_LIMIT_MS } from "../core/deadline.ts";

/** The most requests that a server receives at the same time, and the most bytes of requests that it holds. */
const MAX_UNFINISHED = 1_000;
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** The most calls that a server has open at the same time; each takes about 30 KB. */
export const MAX_OPEN_CALLS = 5_000;

/** What a chunk takes beside its bytes, so that many chunks of one byte are not cheap. */
const CHUNK_BYTES = 256;

/** How long a client may go on sending after its answer, in milliseconds: the trailers must be sent first. */
const LINGER_MS = 1_000;

/** How long a stream may stay open, in milliseconds. A call is answered long before; its client reads no answer. */
const LONGEST_MS = 2 * REQUEST_LIMIT_MS;

/** Bounds what the calls of a server hold: their requests while they arrive, and answers that are not read. */
export interface RequestBounds {
  /**
   * Counts a request that is arriving until its stream closes. Past a bound, the request that has been arriving for the
   * longest time is reset with `ENHANCE_YOUR_CALM`. One that is still arriving a second after its answer is reset with
   * `NO_ERROR` (RFC 9113, 8.1).
   */
  add(stream: ServerHttp2Stream): void;
  /** Whether the whole request has arrived; if not, `run` is called once it has. */
  hasArrived(stream: ServerHttp2Stream, run: () => void): boolean;
  /**
   * Counts a call until its stream closes. Past the bound the oldest is reset with `ENHANCE_YOUR_CALM`; one that is
   * still open after 10 s is reset with `CANCEL`, once `endOverdue` is called.
   */
  limitTime(stream: ServerHttp2Stream): void;
  /** To be called now and then. */
  endOverdue(): void;
  /** Resolves once no call counted by `limitTime` is open. */
  whenIdle(): Promise<void>;
  /** Resets every request that has not arrived completely with `REFUSED_STREAM`: the caller may repeat it elsewhere. */
  refuseUnfinished(): void;
}

/**
 * Creates the bounds of a server. Deno opens a stream's window again as data arrives, not as it is read, so flow control
 * bounds nothing.
 */
export function createRequestBounds(): RequestBounds {
  // In the order of their arrival, with what to do once they have arrived.
  const unfinished = new Map<ServerHttp2Stream, (() => void) | undefined>();
  let heldBytes = 0;
  // When each of them began, in that order.
  const limited = new Map<ServerHttp2Stream, number>();
  let idle = Promise.withResolvers<void>();
  const end = (stream: ServerHttp2Stream, code: number) => {
    unfinished.delete(stream);
    stream.close(code);
  };
  const endOldest = () => {
    const [oldest] = unfinished.keys();
    if (oldest !== undefined) end(oldest, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  };
  return {
    add(stream) {
      // What came with the headers has been pushed already.
      if (hasEnded(stream)) return;
      let bytes = 0;
      const hold = (chunkBytes: number) => {
        bytes += chunkBytes + CHUNK_BYTES;
        heldBytes += chunkBytes + CHUNK_BYTES;
        if (heldBytes > MAX_HELD_BYTES) endOldest();
      };
      stream.once("close", () => {
        unfinished.delete(stream);
        heldBytes -= bytes;
      });
      unfinished.set(stream, undefined);
      if (unfinished.size > MAX_UNFINISHED) endOldest();
      hold(stream.readableLength);
      const push = stream.push;
      // A stream that is paused emits nothing when data arrives.
      stream.push = (chunk: Uint8Array | null) => {
        if (chunk !== null) {
          hold(chunk.length);
          return push.call(stream, chunk);
        }
        const onArrival = unfinished.get(stream);
        unfinished.delete(stream);
        onArrival?.();
        return push.call(stream, chunk);
      };
      // Otherwise the stream stays open until its client ends it.
      stream.once("finish", () => {
        if (!unfinished.has(stream)) return;
        setTimeout(() => unfinished.has(stream) && end(stream, constants.NGHTTP2_NO_ERROR), LINGER_MS);
      });
    },
    hasArrived(stream, run) {
      if (!unfinished.has(stream)) return true;
      unfinished.set(stream, run);
      return false;
    },
    limitTime(stream) {
      const [oldest] = limited.keys();
      if (oldest !== undefined && limited.size >= MAX_OPEN_CALLS) {
        limited.delete(oldest);
        end(oldest, constants.NGHTTP2_ENHANCE_YOUR_CALM);
      }
      limited.set(stream, performance.now());
      stream.once("close", () => {
        limited.delete(stream);
        if (limited.size === 0) idle.resolve();
      });
    },
    whenIdle() {
      idle = Promise.withResolvers();
      if (limited.size === 0) idle.resolve();
      return idle.promise;
    },
    endOverdue() {
      const begun = performance.now() - LONGEST_MS;
      for (const [stream, startedAt] of limited) {
        if (startedAt > begun) return;
        limited.delete(stream);
        end(stream, constants.NGHTTP2_CANCEL);
      }
    },
    refuseUnfinished() {
      for (const stream of unfinished.keys()) end(stream, constants.NGHTTP2_REFUSED_STREAM);
    },
  };
}

/** Whether the whole request has arrived, read or not. */
function hasEnded(stream: ServerHttp2Stream): boolean {
  // The public `readableEnded` only says whether it has been read.
  const { _readableState: { ended } } = stream as unknown as { _readableState: { ended: boolean } };
  return ended;
}
