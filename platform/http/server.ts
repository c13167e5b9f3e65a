import pTimeout from "p-timeout";
import { CannotListen } from "../core/cannot_listen.ts";

/** Answers one HTTP request, e.g. a Hono app's `fetch`. */
export type HttpHandler = (request: Request) => Response | Promise<Response>;

/** A listening HTTP server. */
export interface HttpServer {
  /** The port bound. */
  readonly port: number;
  /**
   * Takes no new request and finishes those under way, for `graceMs` milliseconds at most; what is still under
   * way then ends with the process.
   */
  shutDown(graceMs: number): Promise<void>;
}

/**
 * Binds a port and answers requests from then on.
 *
 * @param port 0 for a free one.
 * @throws {CannotListen} naming the address, where another process has it or it is not ours.
 */
export function serveHttp(handler: HttpHandler, host: string, port: number): HttpServer {
  const server = listen(handler, host, port);
  return {
    port: server.addr.port,
    async shutDown(graceMs) {
      // Deno's own way to cut what is left, an abort signal, throws once a shutdown has begun.
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
