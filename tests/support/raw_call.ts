import { type Client, Metadata, type ServiceError, status } from "@grpc/grpc-js";

/** How a call ended, before anyone has made sense of it. */
export interface RawAnswer {
  /** The status's name, e.g. `UNAUTHENTICATED`. */
  readonly status: string;
  readonly code: number;
  /** `grpc-message`. */
  readonly details: string;
  readonly trailers: Metadata;
  /** The answer's message; absent where the call failed. */
  readonly message?: Uint8Array;
}

/** Metadata by key; a key may come more than once. */
export type SentMetadata = Readonly<Record<string, string | readonly string[]>>;

/** How long a call waits for its answer, in milliseconds: longer than any service may take. */
export const RAW_DEADLINE_MS = 15_000;

/**
 * Calls a unary method with bytes as they are, as a client of another make might send them.
 *
 * @param path `/package.Service/Method`.
 */
export function callRaw(
  client: Client,
  path: string,
  bytes: Uint8Array,
  metadata: SentMetadata = {},
): Promise<RawAnswer> {
  const sent = new Metadata();
  for (const [key, values] of Object.entries(metadata)) {
    for (const value of [values].flat()) sent.add(key, value);
  }
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  let error: ServiceError | null = null;
  let message: Buffer | undefined;
  const call = client.makeUnaryRequest(
    path,
    (request: Uint8Array) => Buffer.from(request),
    (answer) => answer,
    bytes,
    sent,
    { deadline: Date.now() + RAW_DEADLINE_MS },
    (...answer) => [error, message] = answer,
  );
  // The status comes after the callback.
  call.on("status", ({ code, details, metadata: trailers }) => {
    const name = status[code] ?? String(code);
    resolve({ status: name, code, details, trailers, ...(error === null && message && { message }) });
  });
  return promise;
}
