import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata } from "@grpc/grpc-js";
import type { Secret } from "../config/secret.ts";
import { GRPC_TLS_VARIABLES } from "../config/tls_variables.ts";
import type { SecretVariable, Variable } from "../config/variable.ts";
import { SERVICE_TOKEN_KEY } from "./metadata.ts";

/** The configured secrets by which our services recognise one another. */
export interface ServiceToken {
  /** What a service sends: a token, or {@linkcode CERTIFICATE}. */
  readonly sent: string;
  /** SHA-256 digests of the tokens that it accepts: the one that it sends and, while tokens are replaced, another. */
  readonly acceptedDigests: readonly Uint8Array[];
  /** Whether it accepts {@linkcode CERTIFICATE} from connections with the certificate of a service. */
  readonly acceptsCertificates: boolean;
}

/**
 * Stands for a token: the caller says that it calls as a service, and the certificate of its connection proves it. The
 * certificate alone gives no authority, as calls in a session come over the same connection.
 */
export const CERTIFICATE = "certificate";

/** Whom a service takes for one of ours. */
export interface ServiceTrust {
  readonly serviceToken: Secret<ServiceToken>;
  /** The names in certificates of services, in lower case; none by default. */
  readonly serviceNames?: readonly string[];
}

/** The reason for refusing a token. */
export const SERVICE_TOKEN_INVALID = "SERVICE_TOKEN_INVALID";

/**
 * `SERVICE_TOKEN`: the same for all services of a system. A secret: its holder may do what only services may. It may hold
 * two tokens, of which the first is sent and both are accepted, so that one can replace the other without a refused call.
 * {@linkcode CERTIFICATE} may take the place of a token.
 */
export function serviceToken(): SecretVariable<ServiceToken> {
  const parse = (text: string) => {
    const tokens = text.split(",");
    const isValid = (token: string) => token === CERTIFICATE || /^[A-Za-z0-9_-]{32,256}$/.test(token);
    if (tokens.length > 2 || !tokens.every(isValid)) return undefined;
    return {
      sent: tokens[0] ?? "",
      acceptedDigests: tokens.filter((token) => token !== CERTIFICATE).map(digest),
      acceptsCertificates: tokens.includes(CERTIFICATE),
    };
  };
  const rule =
    `32 to 256 of A-Z, a-z, 0-9, _ and -, or "${CERTIFICATE}", or two of these with a comma between them`;
  return {
    name: "SERVICE_TOKEN",
    secret: true,
    rule,
    parse,
    check({ acceptsCertificates }, valueOf) {
      if (!acceptsCertificates) return undefined;
      const { grpcTlsCa } = GRPC_TLS_VARIABLES;
      const isUsable = valueOf(grpcTlsCa) !== null && String(valueOf(SERVICE_NAMES)) !== "";
      return isUsable ? undefined : `a token unless ${grpcTlsCa.name} and ${SERVICE_NAMES.name} are set`;
    },
  };
}

/** The names in the certificates of services: DNS names, separated by commas; none by default. */
export const SERVICE_NAMES: Variable<readonly string[]> = {
  name: "SERVICE_NAMES",
  fallback: "",
  secret: false,
  rule: "DNS names, separated by commas, e.g. order, assembly",
  parse(text) {
    const names = text.split(",").map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
    return names.every((name) => /^[a-z0-9.-]{1,253}$/.test(name)) ? names : undefined;
  },
};

/**
 * Whether a caller has proved that it is one of our services.
 *
 * @param offered What it sent as its token; compared in constant time. ASVS 11.2.4.
 * @param peerNames Gives the DNS names in the certificate of its connection, if that was checked; in lower case.
 */
export function isService(
  offered: string,
  { serviceToken, serviceNames = [] }: ServiceTrust,
  peerNames: () => readonly string[],
): boolean {
  const { acceptedDigests, acceptsCertificates } = serviceToken.value;
  if (offered === CERTIFICATE) {
    return acceptsCertificates && peerNames().some((name) => serviceNames.includes(name));
  }
  const offeredDigest = digest(offered);
  return acceptedDigests.some((accepted) => timingSafeEqual(offeredDigest, accepted));
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
