import { Metadata, status as Code } from "@grpc/grpc-js";
import {
  type ClientHttp2Session,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { messagesIn } from "./grpc_frame.ts";

/** A call as sent over the wire, valid or not. */
export interface WireCall {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** Headers in addition to, or instead of, those that gRPC requires. */
  readonly headers?: OutgoingHttpHeaders;
  /** What follows the headers: frames (see `frameOf`) or any other bytes. */
  readonly body: Uint8Array;
}

/** The undecoded result of a call. */
export interface RawAnswer {
  /** The status's name, e.g. `UNAUTHENTICATED`; without one, how HTTP ended the call, e.g. "HTTP 415". */
  readonly status: string;
  /** `grpc-message`. */
  readonly details: string;
  readonly trailers: Metadata;
  /** The messages received before the status. */
  readonly messages: readonly Uint8Array[];
}

/** How long to wait for a response, in milliseconds: longer than any service may take. */
const TIMEOUT_MS = 8_000;

/**
 * A gRPC client that can send anything over HTTP/2: bytes that are not a message, invalid frames, headers that no
 * library would send. It connects when needed, and reconnects if the server has closed the connection.
 */
export class GrpcWire implements Disposable {
  readonly #target: string;
  #session: ClientHttp2Session | undefined;

  /** @param target `host:port`. */
  constructor(target: string) {
    this.#target = target;
  }

  /**
   * Makes a call and waits until it ends.
   *
   * @throws {Error} if it does not end in time, because the server hangs.
   */
  async ask({ path, headers = {}, body }: WireCall): Promise<RawAnswer> {
    const { promise: ended, resolve: end, reject } = Promise.withResolvers<void>();
    const stream = this.#connection().request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
      // Node ends requests with some methods, such as GET, without a body.
    }, { endStream: false });
    const timer = setTimeout(() => {
      reject(new Error(`${path} was not answered within ${TIMEOUT_MS} ms`));
      stream.close();
    }, TIMEOUT_MS);
    const received: IncomingHttpHeaders = {};
    const chunks: Uint8Array[] = [];
    stream.on("response", (headers) => Object.assign(received, headers));
    stream.on("trailers", (trailers) => Object.assign(received, trailers));
    stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    // Reported by the error code with which the stream closes.
    stream.on("error", () => {});
    stream.on("close", end);
    stream.end(body);
    try {
      await ended;
    } finally {
      clearTimeout(timer);
    }
    return toAnswer(received, Buffer.concat(chunks), stream.rstCode);
  }

  [Symbol.dispose](): void {
    this.#session?.destroy();
  }

  #connection(): ClientHttp2Session {
    if (this.#session === undefined || this.#session.closed || this.#session.destroyed) {
      this.#session = connect(`http://${this.#target}`);
      // Every stream on the connection ends and reports it.
      this.#session.on("error", () => {});
    }
    return this.#session;
  }
}

function toAnswer(received: IncomingHttpHeaders, body: Uint8Array, rstCode: number | undefined): RawAnswer {
  const { ":status": httpStatus, "grpc-status": code, "grpc-message": details, ...rest } = received;
  const answer = { trailers: Metadata.fromHttp2Headers(rest) };
  if (code === undefined) {
    const status = httpStatus === undefined ? `HTTP/2 stream error ${rstCode}` : `HTTP ${httpStatus}`;
    return { ...answer, status, details: "", messages: [] };
  }
  return {
    ...answer,
    status: Code[Number(code)] ?? String(code),
    details: decodeURIComponent(String(details ?? "")),
    messages: messagesIn(body),
  };
}
