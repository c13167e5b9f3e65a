import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { findTlsProblem, type TlsCredentials } from "../core/tls_credentials.ts";
import type { Variable } from "./variable.ts";

/** What each file must hold. */
const CONTENTS = {
  cert: "the certificate and those that lead to its authority",
  key: "the certificate's private key, without a passphrase",
  ca: "the authority's certificate",
} as const;

const grpcTlsCert: Variable<string | null> = pemFile("GRPC_TLS_CERT", "cert", () => grpcTlsKey);
const grpcTlsKey: Variable<string | null> = pemFile("GRPC_TLS_KEY", "key", () => grpcTlsCert);

/**
 * The variables of TLS between services. With a certificate and its key, gRPC doors and clients speak TLS; with an
 * authority too, doors require a certificate of it from their clients, and clients trust that authority only.
 */
export const GRPC_TLS_VARIABLES = {
  grpcTlsCert,
  grpcTlsKey,
  grpcTlsCa: pemFile("GRPC_TLS_CA", "ca", () => grpcTlsCert),
} as const;

const httpTlsCert: Variable<string | null> = pemFile("HTTP_TLS_CERT", "cert", () => httpTlsKey);
const httpTlsKey: Variable<string | null> = pemFile("HTTP_TLS_KEY", "key", () => httpTlsCert);

/** The variables of TLS at the HTTP doors. */
export const HTTP_TLS_VARIABLES = { httpTlsCert, httpTlsKey } as const;

/** What protects gRPC doors and the calls to them. */
export const GRPC_TLS = { cert: grpcTlsCert, key: grpcTlsKey } as const;

/** What protects HTTP doors. */
export const HTTP_TLS = { cert: httpTlsCert, key: httpTlsKey } as const;

/**
 * The path of a PEM file, or `null`.
 *
 * @param holds What of TLS the file must hold.
 * @param other Gives the variable that must be set as well.
 */
function pemFile(
  name: string,
  holds: keyof TlsCredentials,
  other: () => Variable<string | null>,
): Variable<string | null> {
  const rule = `the absolute path of a PEM file with ${CONTENTS[holds]}`;
  return {
    name,
    fallback: "",
    secret: false,
    rule,
    parse: (text) => text === "" ? null : isAbsolute(text) ? text : undefined,
    read: (path) => path === null ? [] : [path],
    check(path, valueOf) {
      if (path === null) return undefined;
      const otherPath = valueOf(other());
      if (otherPath === null) return `set together with ${other().name}, which is missing`;
      const problem = findTlsProblem(holds, {
        ...readIfPossible(holds, path),
        ...(holds === "key" && typeof otherPath === "string" && readIfPossible("cert", otherPath)),
      });
      return problem && `${rule}: ${problem}`;
    },
  };
}

function readIfPossible(which: keyof TlsCredentials, path: string): Partial<TlsCredentials> {
  try {
    return { [which]: readFileSync(path) };
  } catch {
    return {};
  }
}
