import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Server as TlsServer } from "node:tls";
import { type ConnectionLimits, createConnectionCap } from "../core/connection_cap.ts";
import { transportOf } from "../core/transport.ts";

/** The connections of a server. */
export interface Connections {
  /**
   * Ends each connection once its requests are answered. A request that does not arrive within half a second, or
   * `graceMs` milliseconds if that is less, is cut; so is an answer that its client does not read.
   */
  end(graceMs: number): Promise<void>;
}

/** How often connections without a request are looked for, in milliseconds. */
const SWEEP_INTERVAL_MS = 1_000;

/**
 * A stop counts turns of the event loop and not time: a busy process is late to read what has already arrived. They are
 * at least this long, in milliseconds.
 */
const TURN_MS = 10;

/** How many turns a stop waits for a request on a connection that is kept, and for one that is still arriving. */
const IDLE_TURNS = 5;
const ARRIVAL_TURNS = 50;

/** How long a stop waits for a client to go on reading a finished answer, in milliseconds. */
const UNREAD_MS = 1_000;

/** How many requests a client may send ahead of the answer that it waits for. */
const MAX_AHEAD = 16;

/**
 * Limits the connections of a server, over TLS from before the handshake, and answers the requests of each one after the
 * other: Node.js would start on all that were sent ahead, and keep their answers in memory until the client reads them.
 * Call it before the server is bound.
 */
export function limitConnections(
  server: Server,
  answer: RequestListener,
  limits?: ConnectionLimits,
): Connections {
  const cap = createConnectionCap<Socket>((socket) => socket.destroy(), limits);
  /** The open connections, each with the answers that it waits for; undefined until the first request. */
  const open = new Map<Socket, ServerResponse[] | undefined>();
  let isEnding = false;

  server.on("connection", (transport: Socket) => {
    if (!cap.admit(transport, transport.remoteAddress ?? "")) return void transport.destroy();
    transport.once("close", () => cap.remove(transport));
  });
  server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
    if (socket.destroyed) return;
    open.set(socket, undefined);
    socket.once("close", () => open.delete(socket));
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    // What has been received is parsed to its end.
    if (socket.destroyed) return;
    cap.keep(transportOf(socket));
    const waiting = open.get(socket) ?? [];
    if (waiting.length > MAX_AHEAD) return void socket.destroy();
    open.set(socket, waiting);
    if (isEnding) response.shouldKeepAlive = false;
    response.once("close", () => {
      waiting.shift();
      const [next] = waiting;
      if (socket.destroyed || socket.writableEnded) return;
      if (next !== undefined) answer(next.req, next);
      // If the headers were sent before the stop, they promised to keep the connection.
      else if (isEnding) socket.destroySoon();
    });
    if (waiting.push(response) === 1) answer(request, response);
  });

  let sweep: ReturnType<typeof setInterval> | undefined;
  server.once("listening", () => sweep = setInterval(() => cap.closeUnused(), SWEEP_INTERVAL_MS));
  // `close` calls it, and would cut a connection whose next request has been received but not read.
  server.closeIdleConnections = () => {};

  const closeIdle = () => {
    for (const [socket, waiting] of open) if (waiting?.length === 0) socket.destroySoon();
  };
  const cutUnfinished = () => {
    cap.closeUnused(0);
    for (const [socket, waiting = []] of open) {
      if (!waiting.some(({ req }) => req.complete)) socket.destroy();
    }
  };
  return {
    async end(graceMs) {
      isEnding = true;
      clearInterval(sweep);
      for (const waiting of open.values()) waiting?.forEach((response) => response.shouldKeepAlive = false);
      const lastTurn = Math.min(ARRIVAL_TURNS, Math.floor(graceMs / TURN_MS));
      for (let turn = 1; open.size > 0 && turn <= lastTurn; turn++) {
        await new Promise((resolve) => setTimeout(resolve, TURN_MS));
        if (turn === IDLE_TURNS) closeIdle();
      }
      cutUnfinished();
      for (const [socket, waiting] of open) if (waiting?.[0]?.writableEnded) socket.setTimeout(UNREAD_MS);
    },
  };
}
