/**
 * Makes a program that it is loaded before (`--preload`) take its Deno for a broken one.
 *
 * @module
 */
Object.defineProperty(Deno, "version", { value: { ...Deno.version, deno: "2.9.5" } });
