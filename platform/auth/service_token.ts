import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata } from "@grpc/grpc-js";
import type { Secret } from "../config/secret.ts";
import type { SecretVariable } from "../config/variable.ts";
import { SERVICE_TOKEN_KEY } from "./metadata.ts";

/** The configured secrets by which our services recognise one another. */
export interface ServiceToken {
  /** The one that a service sends. */
  readonly sent: string;
  /** SHA-256 digests of those that it accepts: the one that it sends and, while tokens are replaced, another. */
  readonly acceptedDigests: readonly Uint8Array[];
}

/** The reason for refusing a token. */
export const SERVICE_TOKEN_INVALID = "SERVICE_TOKEN_INVALID";

/**
 * `SERVICE_TOKEN`: the same for all services of a system. A secret: its holder may do what only services may. It may hold
 * two tokens, of which the first is sent and both are accepted, so that one can replace the other without a refused call.
 */
export function serviceToken(): SecretVariable<ServiceToken> {
  const parse = (text: string) => {
    const tokens = text.split(",");
    const areValid = tokens.length <= 2 && tokens.every((token) => /^[A-Za-z0-9_-]{32,256}$/.test(token));
    return areValid ? { sent: tokens[0] ?? "", acceptedDigests: tokens.map(digest) } : undefined;
  };
  const rule = "32 to 256 of A-Z, a-z, 0-9, _ and -, or two such tokens with a comma between them";
  return { name: "SERVICE_TOKEN", secret: true, rule, parse };
}

/** Whether a caller sent a right token, compared in constant time. ASVS 11.2.4. */
export function isServiceToken(offered: string, token: Secret<ServiceToken>): boolean {
  const offeredDigest = digest(offered);
  return token.value.acceptedDigests.some((accepted) => timingSafeEqual(offeredDigest, accepted));
}

/**
 * Adds the token to outgoing metadata, as proof that a service calls.
 *
 * @returns The same metadata, for chaining.
 */
export function addServiceToken(metadata: Metadata, token: Secret<ServiceToken>): Metadata {
  metadata.set(SERVICE_TOKEN_KEY, token.value.sent);
  return metadata;
}

/** The comparison needs inputs of equal length. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
