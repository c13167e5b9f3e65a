/**
 * Preloaded (`--preload`), makes a program believe that it runs on a broken version of Deno.
 *
 * @module
 */
Object.defineProperty(Deno, "version", { value: { ...Deno.version, deno: "2.9.5" } });
