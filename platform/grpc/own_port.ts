import pTimeout from "p-timeout";
import { formatAddress } from "../core/address.ts";
import type { Probe } from "../core/probe.ts";
import type { Logger } from "../log/logger.ts";

/** How long a new connection may wait for the server's first bytes, in milliseconds. */
const GREETING_LIMIT_MS = 1_500;

/** After how many failures in a row the port is opened again; one may be due to a busy machine. */
const FAILURES_TO_REOPEN = 2;

/** Options of {@linkcode createOwnPortProbe}. */
export interface OwnPortOptions {
  readonly host: string;
  readonly port: number;
  /** Closes the port and opens it again; connections that were accepted finish their calls. */
  readonly reopen: () => Promise<unknown>;
  readonly log: Logger;
}

/**
 * Creates a probe that connects to the service's own HTTP/2 port and waits for the server's greeting (RFC 9113, 3.4).
 *
 * A listener of Deno that has run out of descriptors once accepts nothing any more and reports no error, so the probe
 * opens the port again.
 */
export function createOwnPortProbe({ host, port, reopen, log }: OwnPortOptions): Probe {
  let failures = 0;
  return async () => {
    try {
      await awaitGreeting(host, port);
      failures = 0;
    } catch (error) {
      if (++failures >= FAILURES_TO_REOPEN) {
        log.error(
          { address: formatAddress(host, port), err: error },
          "port accepts no connections; reopening it",
        );
        await reopen();
      }
      throw error;
    }
  };
}

async function awaitGreeting(hostname: string, port: number): Promise<void> {
  let connection: Deno.TcpConn | undefined;
  const greet = async () => {
    connection = await Deno.connect({ hostname, port });
    // A server that has no room for the connection ends it instead, which shows as much.
    await connection.read(new Uint8Array(64));
  };
  try {
    await pTimeout(greet(), { milliseconds: GREETING_LIMIT_MS });
  } finally {
    connection?.close();
  }
}
