import {
  Client,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceDefinition,
  type ServiceError,
  status as Code,
} from "@grpc/grpc-js";

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

/** A service as any gRPC client sees it, with nothing of the platform's in between. */
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

/** Creates a raw client of a generated service, e.g. `AuthService`, at `host:port`. */
export function createRawClient<Definition extends ServiceDefinition>(
  definition: Definition,
  target: string,
): RawClient<Definition> {
  const client = new Client(target, credentials.createInsecure());
  const methods = Object.entries(definition).map(([name, method]) => {
    const call = (request: unknown, metadata: SentMetadata = {}, deadlineMs = DEADLINE_MS) =>
      send(client, method, request, metadata, deadlineMs);
    return [name, call];
  });
  const raw: unknown = {
    ...Object.fromEntries(methods),
    [Symbol.asyncDispose]() {
      client.close();
      return Promise.resolve();
    },
  };
  // Each function was made from the method of its name, whose types the compiler can't follow through the entries.
  return raw as RawClient<Definition>;
}

/** A call that did not end well. */
export class CallRefused extends Error {
  override readonly name = "CallRefused";

  constructor(readonly code: number, readonly details: string, readonly metadata: Metadata) {
    super(`${Code[code]}: ${details}`);
  }
}

/**
 * The response of a call.
 *
 * @throws {CallRefused} if it did not end well.
 */
export async function answerOf<Response>(outcome: Promise<Outcome<Response>>): Promise<Response> {
  const { code, details, trailers, response } = await outcome;
  if (response === undefined) throw new CallRefused(code, details, trailers);
  return response;
}

/** The name of the status that a call ends with, e.g. `UNAUTHENTICATED`; of an answer, `OK`. */
export async function statusOf(call: Promise<unknown>): Promise<string> {
  const { code } = await outcomeOf(call);
  return Code[code] ?? `status ${code}`;
}

/** The refusal that a call ends with. */
export async function errorOf(call: Promise<unknown>): Promise<CallRefused> {
  const { code, details, trailers } = await outcomeOf(call);
  if (code === Code.OK) throw new Error("the call succeeded");
  return new CallRefused(code, details, trailers);
}

/** Of a raw call, or of work that takes an answer and throws where there is none. */
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
  // The status comes after the callback.
  call.on("status", ({ code, details, metadata: trailers }) => {
    resolve({ code, details, trailers, ...(error === null && response !== undefined && { response }) });
  });
  return promise;
}
