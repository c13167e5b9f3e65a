import type { Metadata, ServerInterceptingCallInterface } from "@grpc/grpc-js";
import { CLIENT_ADDRESS_KEY, SERVICE_TOKEN_KEY, textValue } from "../auth/metadata.ts";
import { isService, type ServiceTrust } from "../auth/service_token.ts";
import {
  type Client,
  clientAddress,
  NO_PROXIES,
  parseIp,
  type TrustedProxies,
} from "../core/client_address.ts";
import { InvalidArgument } from "../core/failure.ts";
import { peerNames } from "./peer_names.ts";

/** Whom to believe about a client's address, besides its connection. */
export interface ClientSource {
  /** The proxies whose `X-Forwarded-For` is believed; none by default. */
  readonly trustedProxies?: TrustedProxies;
  /** The services whose metadata `client-address` is believed; none by default. */
  readonly services?: ServiceTrust;
}

/**
 * Reads who sent a call: for a service that calls on a client's behalf, that client.
 *
 * @throws {InvalidArgument} if a service sent a `client-address` that is not an IP address.
 */
export function readClient(
  call: ServerInterceptingCallInterface,
  metadata: Metadata,
  { trustedProxies = NO_PROXIES, services }: ClientSource,
): Client {
  const userAgent = textValue(metadata, "user-agent");
  const token = textValue(metadata, SERVICE_TOKEN_KEY);
  const isOurs = services !== undefined && token !== undefined &&
    isService(token, services, () => peerNames(call));
  if (isOurs && metadata.get(CLIENT_ADDRESS_KEY).length > 0) {
    const address = parseIp(textValue(metadata, CLIENT_ADDRESS_KEY) ?? "");
    if (address !== undefined) return { address, userAgent };
    throw new InvalidArgument([{ field: CLIENT_ADDRESS_KEY, message: "must be one IP address" }]);
  }
  const peer = call.getConnectionInfo().remoteAddress;
  return { address: clientAddress(peer, textValue(metadata, "x-forwarded-for"), trustedProxies), userAgent };
}
