import type { handleBidiStreamingCall, ServerDuplexStream } from "@grpc/grpc-js";
import { ResourceExhausted } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";

/** How many streams a method may have open at the same time. */
export const MAX_OPEN_STREAMS = 16;

/** How many messages a client may send on one stream. */
export const MAX_STREAM_MESSAGES = 200;

/**
 * Limits the open streams of a bidirectional method and the messages on each; past a limit, a call ends with
 * `RESOURCE_EXHAUSTED`.
 *
 * Deno's HTTP/2 buffers every write, even if the client reads nothing, so unread responses fill the memory. Use this
 * for open methods whose responses are much larger than their requests.
 *
 * @param handle Must read its stream through `data` events.
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
    // Emitted at the end of every call, not only of cancelled ones.
    stream.once("cancelled", () => open--);
    handle(stream);
    let messages = 0;
    stream.on("data", () => {
      if (++messages > MAX_STREAM_MESSAGES) refuse(stream, "messages on one stream");
    });
  };
}
