import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { Server as NetServer } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener, type Http2Bindings, type HttpBindings } from "@hono/node-server";
import pTimeout from "p-timeout";
import { CannotListen } from "../core/cannot_listen.ts";
import { CONNECTION_LIMITS, type ConnectionLimits } from "../core/connection_cap.ts";
import type { TlsFiles } from "../tls/tls_files.ts";
import { limitConnections } from "./connections.ts";
import { answerUnreadable } from "./unreadable.ts";

/** What is known of a request's connection. */
export interface HttpConnection {
  /** The IP address of the peer; `undefined` if it has gone. */
  readonly remoteAddress: string | undefined;
}

/** Answers an HTTP request, e.g. a Hono app's `fetch`. */
export type HttpHandler = (request: Request, connection: HttpConnection) => Response | Promise<Response>;

/** Emitted by a response once the app has its answer, before that is sent: a client may read it slowly. */
export const ANSWERED = "answered";

/** Runs a request once there is a place for it, or refuses it. */
export type RequestShedder = (request: IncomingMessage, response: ServerResponse, run: () => void) => void;

/** A listening HTTP server. */
export interface HttpServer {
  /** The port that was bound. */
  readonly port: number;
  /** Closes the port and opens it again. Connections are kept. */
  reopen(): Promise<unknown>;
  /**
   * Takes no new requests and finishes the ones in progress, for at most `graceMs` milliseconds; any that are left then
   * end with the process.
   */
  shutDown(graceMs: number): Promise<void>;
}

/** What a server grants its clients; times in milliseconds. */
export interface HttpLimits {
  /** How long a request's headers may take to arrive. */
  readonly headersMs: number;
  /** How long a whole request may take to arrive, even if its body is not read. */
  readonly requestMs: number;
  /** How long a connection may wait for its next request. */
  readonly idleMs: number;
  /** How long nothing may be sent or received while a request is answered; a client that reads no answers is cut. */
  readonly silentMs: number;
  /** How often slow requests are looked for. */
  readonly checkMs: number;
  readonly connections: ConnectionLimits;
}

/** Load balancers keep connections for 60 s or less, so the server keeps them longer, and never closes one in use. */
const LIMITS: HttpLimits = {
  headersMs: 5_000,
  requestMs: 10_000,
  idleMs: 75_000,
  silentMs: 30_000,
  checkMs: 1_000,
  connections: CONNECTION_LIMITS,
};

/**
 * Binds a port and starts to answer requests. One that does not arrive in time is answered with 408, and its connection
 * is closed. An answer may be streamed for any time, if something is sent now and then.
 *
 * @param port 0 for any free port.
 * @param limits Those that are not given are 5 s for headers, 10 s for a request, 30 s of silence while it is
 * answered, 75 s between requests, and `CONNECTION_LIMITS`.
 * @param shed Refuses requests that are too many; none by default.
 * @param tls What the server shows its clients: new connections get the newest certificate. Without it there is no TLS.
 * @throws {CannotListen} naming the address, if another process has it or this machine does not.
 */
export async function serveHttp(
  handler: HttpHandler,
  host: string,
  port: number,
  limits: Partial<HttpLimits> = {},
  shed: RequestShedder = (_request, _response, run) => run(),
  tls?: TlsFiles,
): Promise<HttpServer> {
  const { silentMs, connections, ...timeouts } = { ...LIMITS, ...limits };
  const server = createLimitedServer(timeouts, tls);
  server.timeout = silentMs;
  const answer = async (request: Request, { incoming, outgoing }: HttpBindings | Http2Bindings) => {
    const response = await handler(withStandardBody(request), {
      remoteAddress: incoming.socket.remoteAddress,
    });
    outgoing.emit(ANSWERED);
    // Answered before it arrived: it is too large, or too slow.
    if (!incoming.complete) response.headers.set("Connection", "close");
    return response;
  };
  const listener = getRequestListener(answer, { overrideGlobalObjects: false });
  const { end } = limitConnections(
    server,
    (request, response) => shed(request, response, () => listener(request, response)),
    connections,
  );
  const bound = await listen(server, host, port);
  return {
    port: bound,
    reopen() {
      // Unlike the HTTP server's own `close`, it goes on looking for slow requests.
      NetServer.prototype.close.call(server);
      return listen(server, host, bound);
    },
    async shutDown(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // The library takes no time limit of 0.
      await pTimeout(Promise.all([closed, end(graceMs)]), {
        milliseconds: Math.max(1, graceMs),
        message: false,
      });
    },
  };
}

function createLimitedServer(
  { headersMs, requestMs, idleMs, checkMs }: Omit<HttpLimits, "silentMs" | "connections">,
  tls: TlsFiles | undefined,
): Server {
  const timeouts = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: checkMs,
  };
  if (tls === undefined) return createServer(timeouts).on("clientError", answerUnreadable);
  const server = createTlsServer({ ...timeouts, ...tls.current });
  tls.onChange((credentials) => server.setSecureContext(credentials));
  const secured = new WeakSet<Duplex>();
  server.on("secureConnection", (socket) => secured.add(socket));
  server.on("clientError", (error, socket) => {
    // A failed handshake is reported here too, and has no one to answer to.
    if (secured.has(socket)) answerUnreadable(error, socket);
    else socket.destroy();
  });
  return server;
}

const METHODS_WITH_BODY = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * The library's requests create their standard Request when it is needed, which saves a GET 25 µs. But `new Request`,
 * with which Hono limits chunked bodies, takes none of them unless the library replaces that global.
 */
function withStandardBody(request: Request): Request {
  if (!METHODS_WITH_BODY.has(request.method)) return request;
  const { url, method, headers, body, signal } = request;
  return new Request(url, { method, headers, body, signal });
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // It stays: an accept that fails later, for want of descriptors, must not end the process.
    server.on("error", (cause) => reject(new CannotListen(host, port, { cause })));
    server.listen(port, host, () => {
      const address = server.address();
      // A string only for a pipe.
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
