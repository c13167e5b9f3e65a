import type { Metadata } from "@grpc/grpc-js";

/** Metadata key of the session identifier. */
export const SESSION_UUID_KEY = "session-uuid";

/** Metadata key of the services' token. */
export const SERVICE_TOKEN_KEY = "service-token";

/** Metadata key of the address of the client that a service calls for. */
export const CLIENT_ADDRESS_KEY = "client-address";

/** Metadata key of the request id. */
export const REQUEST_ID_KEY = "x-request-id";

/** The only text value under a key; `undefined` if there is none or more than one. */
export function textValue(metadata: Metadata, key: string): string | undefined {
  const [value, ...others] = metadata.get(key);
  return typeof value === "string" && others.length === 0 ? value : undefined;
}
