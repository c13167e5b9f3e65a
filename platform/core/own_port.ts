import pTimeout, { TimeoutError } from "p-timeout";
import { formatAddress } from "../core/address.ts";
import type { Probe } from "../core/probe.ts";
import type { Logger } from "../log/logger.ts";

/** Long, so that a burst of work does not pass for a dead listener. */
const GREETING_LIMIT_MS = 5_000;

/** How many attempts in a row may fail before the probe does; one may be due to a burst of work. */
const TOLERATED_FAILURES = 1;

/** Options of {@linkcode createOwnPortProbe}. */
export interface OwnPortOptions {
  readonly host: string;
  readonly port: number;
  /** Closes the port and opens it again; connections that were accepted finish their calls. */
  readonly reopen: () => Promise<unknown>;
  readonly log: Logger;
  /** How long a new connection may wait for the server's first bytes, in milliseconds; 5 s unless given. */
  readonly limitMs?: number;
}

/**
 * Creates a probe that connects to the service's own HTTP/2 port and waits for the server's greeting (RFC 9113, 3.4).
 *
 * A listener of Deno that has run out of descriptors once accepts nothing any more and reports no error, so the probe
 * opens the port again.
 */
export function createOwnPortProbe(
  { host, port, reopen, log, limitMs = GREETING_LIMIT_MS }: OwnPortOptions,
): Probe {
  let failures = 0;
  return async () => {
    try {
      await awaitGreeting(host, port, limitMs);
      failures = 0;
    } catch (error) {
      if (++failures <= TOLERATED_FAILURES) return;
      // Without descriptors Deno aborts when a port is opened, and the attempt to connect fails at once.
      if (error instanceof TimeoutError) {
        log.error({ address: formatAddress(host, port) }, "port accepts no connections; reopening it");
        await reopen();
      }
      throw error;
    }
  };
}

async function awaitGreeting(hostname: string, port: number, milliseconds: number): Promise<void> {
  let connection: Deno.TcpConn | undefined;
  const greet = async () => {
    connection = await Deno.connect({ hostname, port });
    // A server that has no room for the connection ends it instead, which shows as much.
    await connection.read(new Uint8Array(64));
  };
  try {
    await pTimeout(greet(), { milliseconds });
  } finally {
    connection?.close();
  }
}
