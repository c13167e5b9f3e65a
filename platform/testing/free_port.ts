/**
 * Finds a port of 127.0.0.1 that nobody listens on. It lies below the range from which Linux takes outgoing ports,
 * so that no connection takes it meanwhile.
 */
export function freePort(): number {
  while (true) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
