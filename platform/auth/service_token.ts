import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata } from "@grpc/grpc-js";
import type { Variable } from "../config/variable.ts";
import { SERVICE_TOKEN_KEY } from "./metadata.ts";

/** The secret by which our services know one another, as configured. */
export type ServiceToken = string & { readonly [serviceTokenBrand]: true };

declare const serviceTokenBrand: unique symbol;

/** The reason of a refusal of what is no token of ours. */
export const SERVICE_TOKEN_INVALID = "SERVICE_TOKEN_INVALID";

/** `SERVICE_TOKEN`: the same for all services of a system. A secret: whoever has it may do what only services may. */
export function serviceToken(): Variable<ServiceToken> {
  // The one place that makes the branded type: what it promises has just been checked.
  const parse = (text: string) => /^[A-Za-z0-9_-]{32,256}$/.test(text) ? text as ServiceToken : undefined;
  return { name: "SERVICE_TOKEN", secret: true, rule: "32 to 256 of A-Z, a-z, 0-9, _ and -", parse };
}

/** Whether what a caller offers is the token; takes the same time whatever it offers. ASVS 11.2.4. */
export function isServiceToken(offered: string, token: ServiceToken): boolean {
  return timingSafeEqual(digest(offered), digest(token));
}

/**
 * Adds the proof that a service calls, and no person, to outgoing metadata.
 *
 * @returns The same metadata, for chaining.
 */
export function addServiceToken(metadata: Metadata, token: ServiceToken): Metadata {
  metadata.set(SERVICE_TOKEN_KEY, token);
  return metadata;
}

/** Of equal length for every text, as the comparison needs it. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
