import pTimeout, { TimeoutError } from "p-timeout";
import type { Probe } from "./probe.ts";

/** Long, so that a burst of work does not pass for a dead listener. */
const FIRST_BYTES_LIMIT_MS = 5_000;

/** How many attempts in a row may fail before the probe does; one may be due to a burst of work. */
const TOLERATED_FAILURES = 1;

/** Options of {@linkcode createOwnPortProbe}. */
export interface OwnPortOptions {
  readonly host: string;
  readonly port: number;
  /** What the client of a protocol must send first, so that the server answers. */
  readonly request?: string | undefined;
  /** Closes the port and opens it again; connections that were accepted finish their requests. */
  readonly reopen: () => Promise<unknown>;
  /** How long a new connection may wait for the server's first bytes, in milliseconds; 5 s unless given. */
  readonly limitMs?: number;
}

/**
 * Creates a probe that connects to the service's own port and waits for the server's first bytes: over HTTP/2 its greeting
 * (RFC 9113, 3.4), over HTTP/1.1 the answer to a request, over TLS the alert that refuses what is not a handshake.
 *
 * A listener of Deno that has run out of descriptors once accepts nothing any more and reports no error, so the probe
 * opens the port again.
 */
export function createOwnPortProbe(
  { host, port, request = "", reopen, limitMs = FIRST_BYTES_LIMIT_MS }: OwnPortOptions,
): Probe {
  let failures = 0;
  return async () => {
    try {
      await awaitFirstBytes(host, port, request, limitMs);
      failures = 0;
    } catch (error) {
      if (++failures <= TOLERATED_FAILURES) return;
      // Without descriptors Deno aborts when a port is opened, and the attempt to connect fails at once.
      if (error instanceof TimeoutError) await reopen();
      throw error;
    }
  };
}

async function awaitFirstBytes(
  hostname: string,
  port: number,
  request: string,
  milliseconds: number,
): Promise<void> {
  let connection: Deno.TcpConn | undefined;
  const ask = async () => {
    connection = await Deno.connect({ hostname, port });
    await connection.write(new TextEncoder().encode(request));
    // A server that has no room for the connection ends it instead, which shows as much.
    await connection.read(new Uint8Array(64));
  };
  try {
    await pTimeout(ask(), { milliseconds });
  } finally {
    connection?.close();
  }
}
