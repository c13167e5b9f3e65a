import { Client, credentials, Metadata, type ServiceDefinition, type ServiceError } from "@grpc/grpc-js";
import { CHANNEL_OPTIONS } from "@rocket/platform/channel-options";
import { DEADLINE_MS } from "./deadline.ts";

const identity = (bytes: Buffer) => bytes;

/** A service of one method, which answers with what it is sent; the first byte is how long to take, in ms. */
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

/** How one call ended: `undefined` is well, else `<code> <details>`. */
export type Ending = string | undefined;

/** A connection of its own to an echo server, as the platform's clients keep theirs. */
export function connect(target: string): Client {
  return new Client(target, credentials.createInsecure(), {
    ...CHANNEL_OPTIONS,
    // Else grpc-js shares connections between clients, and closing one would close nothing.
    "grpc.use_local_subchannel_pool": 1,
  });
}

/** A call under way. */
export interface Call {
  readonly ending: Promise<Ending>;
  readonly cancel: () => void;
}

/** Calls the server, which is to take that many milliseconds, 255 at most. */
export function echo(client: Client, takeMs: number): Call {
  const { promise: ending, resolve } = Promise.withResolvers<Ending>();
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
  return { ending, cancel: () => call.cancel() };
}
