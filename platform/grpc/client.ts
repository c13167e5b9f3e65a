import {
  type ChannelCredentials,
  type ChannelOptions,
  type Client,
  type ClientOptions,
  credentials,
} from "@grpc/grpc-js";
import { CHANNEL_OPTIONS } from "./channel_options.ts";

/** A generated client class, e.g. `AuthServiceClient`. */
export type GrpcClientClass<T extends Client> = new (
  target: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => T;

/** A client and its owner's handle to close it. */
export interface GrpcClient<T extends Client> extends AsyncDisposable {
  readonly stub: T;
}

/**
 * Creates a client of a gRPC service. Nothing is dialled until the first call; a lost connection is dialled
 * again within a second.
 *
 * @param target `host:port`, where the service listens.
 */
export function createGrpcClient<T extends Client>(
  Client: GrpcClientClass<T>,
  target: string,
): GrpcClient<T> {
  const options: ChannelOptions = { ...CHANNEL_OPTIONS };
  const stub = new Client(target, credentials.createInsecure(), options);
  return {
    stub,
    [Symbol.asyncDispose]: () => {
      stub.close();
      return Promise.resolve();
    },
  };
}
