import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorBody } from "./error_answer.ts";

/** By the codes of Node's errors; any other request that can't be read is malformed. */
const REFUSALS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "the request line and the headers are too long: at most 16 KiB"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "the request did not arrive in time"],
};

const MALFORMED = [400, "the request is not valid HTTP"] as const;

/**
 * Answers a request that could not be read, in the form of every other error, and closes its connection: the server would
 * answer with a bare status.
 */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  // As Node itself does: what follows a part of an answer would be taken for the rest of it.
  const { _httpMessage: answering } = socket as Duplex & { _httpMessage?: { readonly headersSent: boolean } };
  if (!socket.writable || answering?.headersSent) return void socket.destroy(error);
  const [status, message] = REFUSALS[error.code ?? ""] ?? MALFORMED;
  const phrase = STATUS_CODES[status] ?? "Error";
  const reason = phrase.toUpperCase().replaceAll(/[^A-Z]+/g, "_");
  const body = JSON.stringify({ code: status, message, reason } satisfies ErrorBody);
  socket.end(
    [
      `HTTP/1.1 ${status} ${phrase}`,
      "Connection: close",
      "Cache-Control: no-store",
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
      `X-Request-Id: ${crypto.randomUUID()}`,
      "",
      body,
    ].join("\r\n"),
  );
}
