/**
 * The files that the Kafka library reads when it is loaded: a service that uses Kafka lists them among those that it
 * reads. Apart from the client, so that a `config.ts` need not load the library.
 *
 * @module
 */

/** Its checksums' code, in WebAssembly. */
export const KAFKA_FILES = new URL("./native.wasm", import.meta.resolve("@platformatic/wasm-utils")).href;
