import { randomInt } from "node:crypto";

// Below the range that kernels hand to outgoing connections (32768 up on Linux, 49152 up elsewhere): nothing
// takes the port while its server is stopped, so the server can come back to it.
const LOWEST = 15_000;
const HIGHEST = 30_000;

/** A TCP port of 127.0.0.1 on which nothing listens at this moment. */
export function freePort(): number {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
