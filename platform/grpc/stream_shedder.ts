import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { REQUEST_ID_KEY } from "../auth/metadata.ts";
import { REQUEST_LIMIT_MS } from "../core/deadline.ts";
import { type LoadShedder, Overloaded, type WorkKind, type WorkPlace } from "../core/load_shedder.ts";
import { adoptRequestId } from "../core/request_context.ts";
import type { Logger } from "../log/logger.ts";
import { createRefusalLog } from "../log/refusals.ts";
import { timeoutMs } from "./grpc_timeout.ts";
import type { RequestBounds } from "./request_bounds.ts";
import { toGrpcStatus } from "./status.ts";

/** Runs a call once there is a place for it, or refuses it. */
export type StreamShedder = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  run: () => void,
) => void;

/** Options of {@linkcode createStreamShedder}. */
export interface StreamShedderOptions {
  readonly shedder: LoadShedder;
  readonly bounds: RequestBounds;
  /** The kind of a method's work, by its full path; by default `Get…` and `List…` read, and all others write. */
  readonly work: Readonly<Record<string, WorkKind>>;
  readonly log: Logger;
}

/** Monitoring must see that an overloaded service is alive. The streams of these methods have limits of their own. */
const ALWAYS_SERVED = /^\/grpc\.(health|reflection)\./;

/**
 * Creates the gRPC adapter of a {@linkcode LoadShedder}: calls that are too many are answered `UNAVAILABLE`, reason
 * `OVERLOADED`.
 *
 * An interceptor would be too late: a call that grpc-js has read has cost most of what a session check costs.
 *
 * A call has a place from the arrival of its whole request until its answer is handed to HTTP/2, so that clients that
 * send or read slowly take no places.
 */
export function createStreamShedder({ shedder, bounds, work, log }: StreamShedderOptions): StreamShedder {
  const kinds = new Map(Object.entries(work));
  const count = createRefusalLog(log);
  const refusal = refusalHeaders(log);
  return (stream, headers, run) => {
    const path = headers[":path"] ?? "";
    if (ALWAYS_SERVED.test(path)) return run();
    const kind = kinds.get(path) ?? defaultKind(path);
    const enter = (place: WorkPlace | undefined) => {
      if (place === undefined) {
        count(kind);
        return refuse(stream, headers, refusal);
      }
      if (!bounds.hasArrived(stream, place.resume)) place.pause();
      stream.once("finish", place.leave);
      stream.once("close", place.leave);
      run();
    };
    const timeout = typeof headers["grpc-timeout"] === "string" ? timeoutMs(headers["grpc-timeout"]) : NaN;
    const place = shedder.enter(kind, timeout < REQUEST_LIMIT_MS ? timeout : REQUEST_LIMIT_MS);
    if (!(place instanceof Promise)) return enter(place);
    const since = performance.now();
    // The client may reset the stream while it waits, before grpc-js listens.
    const ignore = () => {};
    stream.on("error", ignore);
    void place.then((place) => {
      if (stream.destroyed || stream.closed) return place?.leave();
      if (place !== undefined) stream.off("error", ignore);
      // A longer timeout does not end the call, and may not fit into the 8 digits that a header has.
      if (timeout <= REQUEST_LIMIT_MS) {
        headers["grpc-timeout"] = `${Math.max(1, Math.round(timeout - (performance.now() - since)))}m`;
      }
      enter(place);
    });
  };
}

function defaultKind(path: string): WorkKind {
  return /\/(Get|List)[A-Z][^/]*$/.test(path) ? "read" : "write";
}

/** Encoded once, as a refusal must cost much less than the call that it refuses. */
function refusalHeaders(log: Logger): OutgoingHttpHeaders {
  const { code, details, metadata } = toGrpcStatus(new Overloaded(), log);
  return {
    ":status": 200,
    "content-type": "application/grpc+proto",
    "grpc-status": String(code),
    "grpc-message": details,
    ...metadata?.toHttp2Headers(),
  };
}

function refuse(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, refusal: OutgoingHttpHeaders): void {
  const { [REQUEST_ID_KEY]: offered } = headers;
  const requestId = adoptRequestId(typeof offered === "string" ? offered : undefined);
  // The client may reset a stream that was already refused; nothing is left to do for it.
  stream.on("error", () => {});
  stream.respond({ ...refusal, [REQUEST_ID_KEY]: requestId }, { endStream: true });
}
