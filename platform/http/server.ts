import pTimeout from "p-timeout";
import { CannotListen } from "../core/cannot_listen.ts";

/** Answers an HTTP request, e.g. a Hono app's `fetch`. */
export type HttpHandler = (request: Request) => Response | Promise<Response>;

/** A listening HTTP server. */
export interface HttpServer {
  /** The port that was bound. */
  readonly port: number;
  /**
   * Takes no new requests and finishes the ones in progress, for at most `graceMs` milliseconds; any that are left then
   * end with the process.
   */
  shutDown(graceMs: number): Promise<void>;
}

/**
 * Binds a port and starts to answer requests.
 *
 * @param port 0 for any free port.
 * @throws {CannotListen} naming the address, if another process has it or this machine does not.
 */
export function serveHttp(handler: HttpHandler, host: string, port: number): HttpServer {
  const server = listen(handler, host, port);
  return {
    port: server.addr.port,
    async shutDown(graceMs) {
      // Deno's abort signal would cut off the rest, but it throws once a shutdown has begun.
      await pTimeout(server.shutdown(), { milliseconds: graceMs, message: false });
    },
  };
}

function listen(handler: HttpHandler, host: string, port: number): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: host, port, onListen: () => {} }, handler);
  } catch (error) {
    throw new CannotListen(host, port, { cause: error });
  }
}
