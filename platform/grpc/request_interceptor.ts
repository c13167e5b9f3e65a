import { Metadata, ServerInterceptingCall, type ServerInterceptor, status as Code } from "@grpc/grpc-js";
import { adoptRequestId, type RequestContext, runWithRequest } from "../core/request_context.ts";
import { REQUEST_LIMIT_MS } from "../core/deadline.ts";
import type { Logger } from "../log/logger.ts";
import { correctStatus, rewriteStatuses } from "./library_status.ts";
import { REQUEST_ID_KEY, textValue } from "../auth/metadata.ts";

/**
 * Creates the outermost interceptor of every gRPC server: it opens the request context (id and deadline),
 * answers with the request id in the trailing metadata, and logs each call once, when it ends. It must be the
 * server's first, as `rewriteStatuses` asks for.
 *
 * The deadline is the caller's, or 5 s where that is later or absent.
 */
export function requestInterceptor(log: Logger): ServerInterceptor {
  return (method, call) => {
    const startedAt = performance.now();
    let context: RequestContext = { requestId: adoptRequestId(undefined), deadline: Infinity };
    let isLogged = false;
    const logOnce = (code: Code) => {
      if (isLogged) return;
      isLogged = true;
      runWithRequest(context, () => logCall(log, method.path, code, startedAt));
    };
    rewriteStatuses(call, (sent) => {
      const status = correctStatus(sent, log);
      // grpc-js gives a successful call no trailing metadata of its own.
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
            };
            runWithRequest(context, () => pass(metadata));
          },
          onReceiveMessage: (message, pass) => runWithRequest(context, () => pass(message)),
          onReceiveHalfClose: (pass) => runWithRequest(context, () => pass()),
          // Comes at the end of every call; before an answer where the caller hung up or its time was over.
          onCancel: () => logOnce(isOver(context) ? Code.DEADLINE_EXCEEDED : Code.CANCELLED),
        });
      },
    });
  };
}

/** A caller whose time is over hangs up, and its clock runs ahead of ours by the way's length, in milliseconds. */
const WAY_MS = 50;

function isOver({ deadline }: RequestContext): boolean {
  return deadline - WAY_MS <= Date.now();
}

/** Asked by machines and tools all day; between their lines nobody would find a call. */
const UNREMARKABLE = /^\/grpc\.(health|reflection)\./;

function logCall(log: Logger, path: string, code: Code, startedAt: number): void {
  const level = UNREMARKABLE.test(path) ? "debug" : "info";
  const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
  log[level]({ method: path, code: Code[code], duration_ms: durationMs }, "call answered");
}
