import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata } from "@grpc/grpc-js";
import type { Variable } from "../config/variable.ts";
import { SERVICE_TOKEN_KEY } from "./metadata.ts";

/** The configured secret that our services use to recognise one another. */
export type ServiceToken = string & { readonly [serviceTokenBrand]: true };

declare const serviceTokenBrand: unique symbol;

/** The reason for refusing a token. */
export const SERVICE_TOKEN_INVALID = "SERVICE_TOKEN_INVALID";

/** `SERVICE_TOKEN`: the same for all services of a system. A secret: its holder may do what only services may. */
export function serviceToken(): Variable<ServiceToken> {
  // The only place that makes the branded type; the text has just been checked.
  const parse = (text: string) => /^[A-Za-z0-9_-]{32,256}$/.test(text) ? text as ServiceToken : undefined;
  return { name: "SERVICE_TOKEN", secret: true, rule: "32 to 256 of A-Z, a-z, 0-9, _ and -", parse };
}

/** Whether a caller sent the right token, compared in constant time. ASVS 11.2.4. */
export function isServiceToken(offered: string, token: ServiceToken): boolean {
  return timingSafeEqual(digest(offered), digest(token));
}

/**
 * Adds the token to outgoing metadata, as proof that a service calls.
 *
 * @returns The same metadata, for chaining.
 */
export function addServiceToken(metadata: Metadata, token: ServiceToken): Metadata {
  metadata.set(SERVICE_TOKEN_KEY, token);
  return metadata;
}

/** The comparison needs inputs of equal length. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
