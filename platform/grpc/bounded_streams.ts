import type { handleBidiStreamingCall, ServerDuplexStream } from "@grpc/grpc-js";
import { ResourceExhausted } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";

/** How many streams a method may have open at a time. */
export const MAX_OPEN_STREAMS = 16;

/** How many messages one stream may bring. */
export const MAX_STREAM_MESSAGES = 200;

/**
 * Bounds what the callers of a bidirectional method can make us keep: past the bounds they are answered
 * `RESOURCE_EXHAUSTED`.
 *
 * Deno's HTTP/2 takes whatever is written, however little the other side reads, so answers that nobody reads pile
 * up in memory. The method to bound is one that answers small questions at length to anyone.
 *
 * @param handle Reads its stream by its `data` events.
 */
export function boundStreams<Request, Response>(
  handle: handleBidiStreamingCall<Request, Response>,
  log: Logger,
): handleBidiStreamingCall<Request, Response> {
  let open = 0;
  const refuse = (stream: ServerDuplexStream<Request, Response>, what: string) => {
    stream.pause();
    // grpc-js ends the call with the status that is emitted as its error.
    stream.emit("error", toGrpcStatus(new ResourceExhausted("STREAM_BOUND", `too many ${what}`, 1), log));
  };
  return (stream) => {
    if (open >= MAX_OPEN_STREAMS) return refuse(stream, "streams are open");
    open++;
    // Comes at the end of every call, whoever ended it.
    stream.once("cancelled", () => open--);
    handle(stream);
    let messages = 0;
    stream.on("data", () => {
      if (++messages > MAX_STREAM_MESSAGES) refuse(stream, "messages on one stream");
    });
  };
}
