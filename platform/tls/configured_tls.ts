import type { Config } from "../config/config.ts";
import type { GRPC_TLS_VARIABLES, HTTP_TLS_VARIABLES } from "../config/tls_variables.ts";
import type { Logger } from "../log/logger.ts";
import { type TlsFiles, watchTlsFiles } from "./tls_files.ts";

/** Reads the files of TLS between services; `undefined` if it is not configured. */
export function watchGrpcTls(
  { grpcTlsCert: cert, grpcTlsKey: key, grpcTlsCa: ca }: Config<typeof GRPC_TLS_VARIABLES>,
  log: Logger,
): TlsFiles | undefined {
  if (cert === null || key === null) return undefined;
  return watchTlsFiles({ cert, key, ...(ca !== null && { ca }) }, log);
}

/** Reads the files of TLS at the HTTP doors; `undefined` if it is not configured. */
export function watchHttpTls(
  { httpTlsCert: cert, httpTlsKey: key }: Config<typeof HTTP_TLS_VARIABLES>,
  log: Logger,
): TlsFiles | undefined {
  return cert === null || key === null ? undefined : watchTlsFiles({ cert, key }, log);
}
