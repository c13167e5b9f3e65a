import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Server } from "@grpc/grpc-js";
import { timeoutMs } from "./grpc_timeout.ts";
import { wrapHttp2Event } from "./http2_hook.ts";
import type { RequestBounds } from "./request_bounds.ts";
import type { StreamShedder } from "./stream_shedder.ts";

/** Handles one call, as `http2` emits it. */
type StreamHandler = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  ...rest: unknown[]
) => void;

/**
 * Corrects four request headers that grpc-js handles wrongly, before it reads them, and refuses calls that are too many:
 *
 * - A request that is not gRPC is answered 415 (gRPC over HTTP/2, "Requests"); under Deno grpc-js answers 200.
 * - A timeout longer than a timer can run (24.8 days) is cut to that. In grpc-js it overflows and ends the call at once.
 * - A request that will be compressed is marked for `requestInterceptor` to refuse. grpc-js would inflate it, which costs
 *   the server far more per byte than its sender.
 * - A path with bytes outside ASCII is percent-encoded, because grpc-js copies it into the message of `UNIMPLEMENTED`.
 *
 * Call it before the server is bound.
 */
export function checkStreams(server: Server, bounds: RequestBounds, shed: StreamShedder): void {
  wrapHttp2Event<StreamHandler>(server, "stream", (http2Server, handle) => {
    const sweep = setInterval(() => bounds.endOverdue(), SWEEP_INTERVAL_MS);
    http2Server.once("close", () => clearInterval(sweep));
    return (stream, headers, ...rest) => {
      bounds.add(stream);
      if (!LASTING.test(headers[":path"] ?? "")) bounds.limitTime(stream);
      if (!/^application\/grpc(?:[+;]|$)/i.test(headers["content-type"] ?? "")) {
        // The client may reset a stream that was already refused; nothing is left to do for it.
        stream.on("error", () => {});
        stream.respond({ ":status": 415 }, { endStream: true });
        return;
      }
      const timeout = headers["grpc-timeout"];
      if (typeof timeout === "string" && isTooLong(timeout)) headers["grpc-timeout"] = LONGEST_TIMEOUT;
      hideCompression(headers);
      headers[":path"] = encodePath(headers[":path"] ?? "");
      shed(stream, headers, () => handle(stream, headers, ...rest));
    };
  });
}

/** How often calls that have lasted too long are looked for, in milliseconds. */
const SWEEP_INTERVAL_MS = 1_000;

/** The methods whose streams may last: those of libraries. How many are open is limited by `hostServices`. */
const LASTING = /^\/grpc\.(health\.v1\.Health\/Watch|reflection\.[^/]+\/ServerReflectionInfo)$/;

/** Metadata key that marks a call whose messages will be compressed. */
export const COMPRESSED_KEY = "x-compressed-request";

/** Without `grpc-encoding`, grpc-js inflates nothing. */
function hideCompression(headers: IncomingHttpHeaders): void {
  const encoding = headers["grpc-encoding"] ?? "identity";
  delete headers["grpc-encoding"];
  if (encoding === "identity") delete headers[COMPRESSED_KEY];
  else headers[COMPRESSED_KEY] = "1";
}

/** The most whole hours that fit into the 2^31 - 1 milliseconds of a timer. */
const LONGEST_TIMEOUT = "596H";
const LONGEST_MS = 2 ** 31 - 1;

function isTooLong(timeout: string): boolean {
  return timeoutMs(timeout) > LONGEST_MS;
}

function encodePath(path: string): string {
  return path.replaceAll(
    /[^\x20-\x7e]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
