import { Client, credentials, Metadata, type ServiceDefinition, type ServiceError } from "@grpc/grpc-js";
import { CHANNEL_OPTIONS } from "@rocket/platform/channel-options";
import { DEADLINE_MS } from "./deadline.ts";

const identity = (bytes: Buffer) => bytes;

/** A service whose only method returns the request; its first byte is how long to take, in milliseconds. */
export const ECHO = {
  echo: {
    path: "/runtime.v1.EchoService/Echo",
    requestStream: false,
    responseStream: false,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  },
} satisfies ServiceDefinition;

/** How a call failed, as `<code> <details>`; `undefined` if it succeeded. */
export type CallFailure = string | undefined;

/** Opens a separate connection to an echo server, with the channel options of the platform's clients. */
export function connect(target: string): Client {
  return new Client(target, credentials.createInsecure(), {
    ...CHANNEL_OPTIONS,
    // Otherwise grpc-js shares connections between clients, and closing a client closes no connection.
    "grpc.use_local_subchannel_pool": 1,
  });
}

/** A call in flight. */
export interface Call {
  readonly ended: Promise<CallFailure>;
  readonly cancel: () => void;
}

/** Calls the server, which takes that many milliseconds to respond, at most 255. */
export function echo(client: Client, takeMs: number): Call {
  const { promise: ended, resolve } = Promise.withResolvers<CallFailure>();
  const { path, requestSerialize, responseDeserialize } = ECHO.echo;
  const call = client.makeUnaryRequest(
    path,
    requestSerialize,
    responseDeserialize,
    Buffer.from([takeMs]),
    new Metadata(),
    { deadline: Date.now() + DEADLINE_MS },
    (error: ServiceError | null) => resolve(error === null ? undefined : `${error.code} ${error.details}`),
  );
  return { ended, cancel: () => call.cancel() };
}
