/**
 * Finds a port on 127.0.0.1 that nobody listens on, for servers that must come back on the same port.
 *
 * It lies below the range from which Linux takes outgoing ports (32768 and up): there, while its server is away,
 * another connection could take it, or a client dialling it could meet itself.
 */
export function freePort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
