/**
 * TLS credentials from files.
 *
 * @module
 */
export { watchGrpcTls, watchHttpTls } from "./configured_tls.ts";
export { type TlsFiles, watchTlsFiles } from "./tls_files.ts";
