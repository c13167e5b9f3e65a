/**
 * TLS credentials from files.
 *
 * @module
 */
export { watchGrpcTls, watchHttpTls } from "./configured_tls.ts";
export { type TlsFiles, type TlsFilesOptions, watchTlsFiles } from "./tls_files.ts";
