import type { Buffer } from "node:buffer";
import { createPrivateKey, X509Certificate } from "node:crypto";

/** What one side of a TLS connection shows and trusts, as PEM. */
export interface TlsCredentials {
  /** The certificate, and after it those that lead from it to its authority. */
  readonly cert: Buffer;
  /** The private key of the certificate. A secret. */
  readonly key: Buffer;
  /** The authorities that must have signed the other side's certificate; without them, whom the runtime trusts. */
  readonly ca?: Buffer;
}

/** Where the credentials are; the paths of PEM files. */
export type TlsPaths = Readonly<Record<"cert" | "key", string>> & { readonly ca?: string };

/**
 * Says why one of the credentials can't be used; the runtime itself accepts anything, and then fails each handshake.
 *
 * @param credentials Those that have been read; a key is compared with the certificate, if that is among them.
 * @param now The time, in milliseconds.
 * @returns `undefined` if it can be used.
 */
export function findTlsProblem(
  which: keyof TlsCredentials,
  credentials: Partial<TlsCredentials>,
  now: number = Date.now(),
): string | undefined {
  const pem = credentials[which];
  if (pem === undefined) return "the file can't be read";
  if (which === "key") return findKeyProblem(pem, parseCertificates(credentials.cert)?.[0]);
  const [first] = parseCertificates(pem) ?? [];
  if (first === undefined) return "the file holds no certificate, or one that can't be read";
  return which === "cert" ? findValidityProblem(first, now) : undefined;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Parses all certificates of a file; `undefined` if one is malformed. */
function parseCertificates(pem: Buffer | undefined): readonly X509Certificate[] | undefined {
  try {
    return pem?.toString().match(CERTIFICATE)?.map((text) => new X509Certificate(text));
  } catch {
    return undefined;
  }
}

function findKeyProblem(pem: Buffer, certificate: X509Certificate | undefined): string | undefined {
  try {
    const key = createPrivateKey(pem);
    const isOfCertificate = certificate?.checkPrivateKey(key) ?? true;
    return isOfCertificate ? undefined : "the key is not that of the certificate";
  } catch {
    return "the file holds no private key, or one that can't be read without a passphrase";
  }
}

function findValidityProblem({ validFrom, validTo }: X509Certificate, now: number): string | undefined {
  if (now < Date.parse(validFrom)) return `the certificate is not valid before ${validFrom}`;
  return now > Date.parse(validTo) ? `the certificate expired on ${validTo}` : undefined;
}

/** What a certificate is for, and from when to when it is valid, as times in milliseconds. */
export interface CertificateFacts {
  readonly names: string;
  readonly validFrom: number;
  readonly validTo: number;
}

/** Reads what a certificate says. @throws {Error} if it is malformed. */
export function describeCertificate(pem: Buffer): CertificateFacts {
  const { subjectAltName = "", validFrom, validTo } = new X509Certificate(pem);
  return { names: subjectAltName, validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) };
}
