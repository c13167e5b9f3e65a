import { Metadata, status as Code } from "@grpc/grpc-js";
import {
  type ClientHttp2Session,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { messagesIn } from "./grpc_frame.ts";

/** A call as it goes over the wire, whole or broken. */
export interface WireCall {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** What to send besides what gRPC asks for, or in its place. */
  readonly headers?: OutgoingHttpHeaders;
  /** What follows the headers: frames (see `frameOf`), or anything else. */
  readonly body: Uint8Array;
}

/** How a call ended, before anyone has made sense of it. */
export interface RawAnswer {
  /** The status's name, e.g. `UNAUTHENTICATED`; without one, how HTTP ended the call, e.g. "HTTP 415". */
  readonly status: string;
  /** `grpc-message`. */
  readonly details: string;
  readonly trailers: Metadata;
  /** The messages that came before the status. */
  readonly messages: readonly Uint8Array[];
}

/** How long an answer is waited for, in milliseconds: longer than any service may take. */
const PATIENCE_MS = 8_000;

/**
 * A gRPC client that sends anything over HTTP/2: bytes that are not a message, invalid frames, headers that no library
 * would send. It connects when needed, and again if the other side has closed the connection.
 */
export class GrpcWire implements Disposable {
  readonly #target: string;
  #session: ClientHttp2Session | undefined;

  /** @param target `host:port`. */
  constructor(target: string) {
    this.#target = target;
  }

  /**
   * Makes a call and waits for its end.
   *
   * @throws {Error} when it does not end in time: the server hangs.
   */
  async ask({ path, headers = {}, body }: WireCall): Promise<RawAnswer> {
    const { promise: ended, resolve: end, reject } = Promise.withResolvers<void>();
    const stream = this.#connection().request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
      // Of some verbs node thinks that they send nothing.
    }, { endStream: false });
    const timer = setTimeout(() => {
      reject(new Error(`${path} was not answered within ${PATIENCE_MS} ms`));
      stream.close();
    }, PATIENCE_MS);
    const received: IncomingHttpHeaders = {};
    const chunks: Uint8Array[] = [];
    stream.on("response", (headers) => Object.assign(received, headers));
    stream.on("trailers", (trailers) => Object.assign(received, trailers));
    stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    // The code that the stream closes with reports it.
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
      // It ends the streams, which report it.
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
