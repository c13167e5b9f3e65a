import {
  Metadata,
  ServerInterceptingCall,
  type ServerInterceptor,
  status as Code,
  type StatusObject,
} from "@grpc/grpc-js";
import { adoptRequestId, type RequestContext, runWithRequest } from "../core/request_context.ts";
import { REQUEST_LIMIT_MS } from "../core/deadline.ts";
import type { Logger } from "../log/logger.ts";
import { COMPRESSED_KEY } from "./admission.ts";
import { correctStatus, rewriteStatuses, type SentStatus } from "./library_status.ts";
import { REQUEST_ID_KEY, textValue } from "../auth/metadata.ts";
import { type ClientSource, readClient } from "./read_client.ts";
import { toGrpcStatus } from "./status.ts";
import { undecodableStatus } from "./undecodable.ts";

/**
 * Creates the outermost interceptor of every gRPC server. It opens the request context (id, deadline, client), returns the
 * request id in the trailing metadata, refuses compressed requests before their first message (grpc.io, "Compression"),
 * answers undecodable messages, and logs each call once, when it ends. It must be the server's first, because of
 * `rewriteStatuses`.
 *
 * The deadline is the caller's, but at most 5 s from now, and a call that is unfinished by then is ended. The first
 * message of a stream must have arrived by then; after it, a stream may last.
 */
export function requestInterceptor(log: Logger, source: ClientSource = {}): ServerInterceptor {
  return (method, call) => {
    const startedAt = performance.now();
    let context: RequestContext = { requestId: adoptRequestId(undefined), deadline: Infinity };
    let isLogged = false;
    let isRefused = false;
    let isEnded = false;
    const isCancelled = () => isEnded;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const logOnce = (code: Code) => {
      if (isLogged) return;
      isLogged = true;
      runWithRequest(context, () => logCall(log, method.path, code, startedAt));
    };
    rewriteStatuses(call, (sent) => {
      const status = correctStatus(sent, log);
      // For a successful call grpc-js creates no trailing metadata.
      const metadata = status.metadata ?? new Metadata();
      metadata.set(REQUEST_ID_KEY, context.requestId);
      logOnce(status.code);
      return { ...status, metadata };
    });
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, pass) {
            context = {
              requestId: adoptRequestId(textValue(metadata, REQUEST_ID_KEY)),
              deadline: Math.min(Number(call.getDeadline()), Date.now() + REQUEST_LIMIT_MS),
              isCancelled,
            };
            // grpc-js itself ends a call whose caller names an earlier deadline.
            if (context.deadline < Number(call.getDeadline())) {
              timer = setTimeout(() => call.sendStatus(TOO_LATE), REQUEST_LIMIT_MS);
            }
            if (metadata.get(COMPRESSED_KEY).length > 0) return call.sendStatus(compressionRefused());
            try {
              context = { ...context, client: readClient(call, metadata, source) };
            } catch (error) {
              isRefused = true;
              return call.sendStatus(toGrpcStatus(error, log));
            }
            runWithRequest(context, () => pass(metadata));
          },
          onReceiveMessage(message, pass) {
            if (isRefused) return;
            if (method.requestStream || method.responseStream) clearTimeout(timer);
            const refusal = undecodableStatus(message, log);
            isRefused = refusal !== undefined;
            runWithRequest(context, () => refusal === undefined ? pass(message) : call.sendStatus(refusal));
          },
          onReceiveHalfClose(pass) {
            if (!isRefused) runWithRequest(context, () => pass());
          },
          // Called at the end of every call; before any status was sent if the caller hung up or the deadline passed.
          onCancel() {
            isEnded = true;
            clearTimeout(timer);
            logOnce(isOver(context) ? Code.DEADLINE_EXCEEDED : Code.CANCELLED);
          },
        });
      },
      sendMetadata(metadata, next) {
        // grpc-js says that it accepts gzip and deflate.
        metadata.set(ACCEPT_ENCODING_KEY, "identity");
        next(metadata);
      },
    });
  };
}

const TOO_LATE: SentStatus = {
  code: Code.DEADLINE_EXCEEDED,
  details: `the call took longer than ${REQUEST_LIMIT_MS / 1_000} s`,
};

const ACCEPT_ENCODING_KEY = "grpc-accept-encoding";

function compressionRefused(): StatusObject {
  const metadata = new Metadata();
  metadata.set(ACCEPT_ENCODING_KEY, "identity");
  return { code: Code.UNIMPLEMENTED, details: "compressed requests are not supported", metadata };
}

/** A caller hangs up when its deadline passes, which may reach us this many milliseconds before our own timer. */
const CLOCK_TOLERANCE_MS = 50;

function isOver({ deadline }: RequestContext): boolean {
  return deadline - CLOCK_TOLERANCE_MS <= Date.now();
}

/** Called by probes and tools all day; logged at debug level, so that they don't drown the other calls. */
const ROUTINE = /^\/grpc\.(health|reflection)\./;

function logCall(log: Logger, path: string, code: Code, startedAt: number): void {
  const level = ROUTINE.test(path) ? "debug" : "info";
  const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
  log[level]({ method: path, code: Code[code], duration_ms: durationMs }, "call answered");
}
