import { Client, Metadata, type ServiceDefinition } from "@grpc/grpc-js";
import { hopDeadline } from "../core/deadline.ts";
import { currentRequest } from "../core/request_context.ts";
import { REQUEST_ID_KEY } from "../auth/metadata.ts";
import { CHANNEL_OPTIONS } from "./channel_options.ts";
import type { TlsFiles } from "../tls/tls_files.ts";
import { fromServiceError } from "./remote_failure.ts";
import { clientCredentials } from "./tls_credentials.ts";

/** One unary method of a generated service definition. */
interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/**
 * A client with one promise method per RPC: `await iam.whoami({ sessionUuid })`. Disposing closes its connections.
 *
 * Each call carries the id of the current request, the given metadata (see `forwardSessionUUIDToGRPC`), and a deadline
 * of 2 s, or less if the current request has less time left. It throws:
 *
 * - {@linkcode Unavailable} if the service can't be reached or the connection breaks during the call,
 * - {@linkcode DeadlineExceeded} if it does not answer in time,
 * - {@linkcode Unauthenticated}, {@linkcode PermissionDenied} or {@linkcode ResourceExhausted} if the service answers so,
 * - {@linkcode RemoteFailure} for any other status, which only the caller can interpret.
 *
 * @template Definition A generated service, e.g. `AuthService`.
 */
export type RpcClient<Definition> =
  & AsyncDisposable
  & {
    readonly [Name in keyof Definition]: Definition[Name] extends UnaryMethod<infer Request, infer Response>
      ? (request: Request, metadata?: Metadata) => Promise<Response>
      : never;
  };

/**
 * Creates a client of a gRPC service. It connects at the first call, and reconnects as `CHANNEL_OPTIONS` says.
 *
 * @param definition A generated service, e.g. `AuthService`.
 * @param dependency The name of the called service in failures, e.g. `iam`.
 * @param target Address of the service, `host:port`.
 * @param tls What the client shows, and whom it trusts; without it there is no TLS.
 */
export function createClient<Definition extends ServiceDefinition>(
  definition: Definition,
  dependency: string,
  target: string,
  tls?: TlsFiles,
): RpcClient<Definition> {
  const client = new Client(target, clientCredentials(tls), { ...CHANNEL_OPTIONS });
  const methods = Object.entries(definition).map(([name, method]) => {
    const call = (request: unknown, metadata?: Metadata) =>
      callUnary(client, dependency, method, request, metadata);
    return [name, call];
  });
  const rpc: unknown = {
    ...Object.fromEntries(methods),
    [Symbol.asyncDispose]() {
      client.close();
      return Promise.resolve();
    },
  };
  // Each function has the types of the method it was made from; `Object.entries` loses them.
  return rpc as RpcClient<Definition>;
}

function callUnary<Request, Response>(
  client: Client,
  dependency: string,
  { path, requestSerialize, responseDeserialize }: UnaryMethod<Request, Response>,
  request: Request,
  metadata = new Metadata(),
): Promise<Response | undefined> {
  const requestId = currentRequest()?.requestId;
  if (requestId !== undefined) metadata.set(REQUEST_ID_KEY, requestId);
  const options = { deadline: hopDeadline() };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      options,
      (error, response) => {
        if (error === null) resolve(response);
        else reject(fromServiceError(error, dependency));
      },
    );
  });
}
