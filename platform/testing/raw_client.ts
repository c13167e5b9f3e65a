import {
  Client,
  Metadata,
  type MethodDefinition,
  type ServiceDefinition,
  type ServiceError,
  status as Code,
} from "@grpc/grpc-js";
import { clientCredentials } from "../grpc/tls_credentials.ts";
import type { TlsFiles } from "../tls/tls_files.ts";

/** How a call ended, whatever its status. */
export interface Outcome<Response> {
  /** 0 for success. */
  readonly code: number;
  readonly details: string;
  /** Present for success. */
  readonly response?: Response;
  /** The trailing metadata. */
  readonly trailers: Metadata;
}

/** Metadata to send, by key. */
export type SentMetadata = Readonly<Record<string, string | readonly string[]>>;

/** A plain gRPC client, without the platform's deadlines and failures. */
export type RawClient<Definition> =
  & AsyncDisposable
  & {
    readonly [Name in keyof Definition]: Definition[Name] extends
      MethodDefinition<infer Request, infer Response>
      ? (request: Request, metadata?: SentMetadata, deadlineMs?: number) => Promise<Outcome<Response>>
      : never;
  };

/** How long a test waits for an answer, in milliseconds. */
const DEADLINE_MS = 15_000;

/**
 * Creates a raw client of a generated service, e.g. `AuthService`, at `host:port`.
 *
 * @param tls What the client shows and trusts; without it there is no TLS.
 * @param witness Sees each call that has ended.
 */
export function createRawClient<Definition extends ServiceDefinition>(
  definition: Definition,
  target: string,
  tls?: TlsFiles,
  witness: (request: unknown, outcome: Outcome<unknown>) => void = () => {},
): RawClient<Definition> {
  const client = new Client(target, clientCredentials(tls));
  const methods = Object.entries(definition).map(([name, method]) => {
    const call = async (request: unknown, metadata: SentMetadata = {}, deadlineMs = DEADLINE_MS) => {
      const outcome = await send(client, method, request, metadata, deadlineMs);
      witness(request, outcome);
      return outcome;
    };
    return [name, call];
  });
  const raw: unknown = {
    ...Object.fromEntries(methods),
    [Symbol.asyncDispose]() {
      client.close();
      return Promise.resolve();
    },
  };
  // Each function has the types of the method it was made from; `Object.entries` loses them.
  return raw as RawClient<Definition>;
}

/** A call that ended with a status other than `OK`. */
export class CallRefused extends Error {
  override readonly name = "CallRefused";

  constructor(readonly code: number, readonly details: string, readonly metadata: Metadata) {
    super(`${Code[code]}: ${details}`);
  }
}

/**
 * Returns the response of a call.
 *
 * @throws {CallRefused} if its status is not `OK`.
 */
export async function answerOf<Response>(outcome: Promise<Outcome<Response>>): Promise<Response> {
  const { code, details, trailers, response } = await outcome;
  if (response === undefined) throw new CallRefused(code, details, trailers);
  return response;
}

/** Returns the name of the status that a call ends with, e.g. `UNAUTHENTICATED` or `OK`. */
export async function statusOf(call: Promise<unknown>): Promise<string> {
  const { code } = await outcomeOf(call);
  return Code[code] ?? `status ${code}`;
}

/** Returns the error that a call ends with. */
export async function errorOf(call: Promise<unknown>): Promise<CallRefused> {
  const { code, details, trailers } = await outcomeOf(call);
  if (code === Code.OK) throw new Error("the call succeeded");
  return new CallRefused(code, details, trailers);
}

/** Accepts a raw call, or work around `answerOf` that throws `CallRefused`. */
async function outcomeOf(call: Promise<unknown>): Promise<Outcome<unknown>> {
  try {
    const ended = await call;
    return isOutcome(ended) ? ended : { code: Code.OK, details: "", trailers: new Metadata() };
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error;
    return { code: error.code, details: error.details, trailers: error.metadata };
  }
}

function isOutcome(ended: unknown): ended is Outcome<unknown> {
  return typeof ended === "object" && ended !== null && "trailers" in ended;
}

function send<Request, Response>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
  request: Request,
  metadata: SentMetadata,
  deadlineMs: number,
): Promise<Outcome<Response>> {
  const sent = new Metadata();
  for (const [key, values] of Object.entries(metadata)) {
    for (const value of [values].flat()) sent.add(key, value);
  }
  const { promise, resolve } = Promise.withResolvers<Outcome<Response>>();
  let error: ServiceError | null = null;
  let response: Response | undefined;
  const options = { deadline: Date.now() + deadlineMs };
  const call = client.makeUnaryRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    sent,
    options,
    (...answer) => [error, response] = answer,
  );
  // The status is emitted after the callback.
  call.on("status", ({ code, details, metadata: trailers }) => {
    resolve({ code, details, trailers, ...(error === null && response !== undefined && { response }) });
  });
  return promise;
}
