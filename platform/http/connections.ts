import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type ConnectionLimits, createConnectionCap } from "../core/connection_cap.ts";

/** The connections of a server. */
export interface Connections {
  /**
   * Ends each connection once its requests are answered. A request that does not arrive within half a second, or
   * `graceMs` milliseconds if that is less, is cut.
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

/** Limits the connections of a server. Call it before the server is bound and gets its request listener. */
export function limitConnections(server: Server, limits?: ConnectionLimits): Connections {
  const cap = createConnectionCap<Socket>((socket) => socket.destroy(), limits);
  /** The open connections, each with the answers that it still waits for; undefined until the first request. */
  const open = new Map<Socket, Set<ServerResponse> | undefined>();
  let isEnding = false;

  server.on("connection", (socket: Socket) => {
    if (!cap.admit(socket, socket.remoteAddress ?? "")) return void socket.destroy();
    open.set(socket, undefined);
    socket.once("close", () => {
      open.delete(socket);
      cap.remove(socket);
    });
  });
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    cap.keep(socket);
    const answers = open.get(socket) ?? new Set();
    open.set(socket, answers.add(response));
    if (isEnding) response.shouldKeepAlive = false;
    response.once("close", () => {
      answers.delete(response);
      // If its headers were sent before the stop, they promised to keep the connection.
      if (isEnding && answers.size === 0) socket.destroySoon();
    });
  });

  const sweep = setInterval(() => cap.closeUnused(), SWEEP_INTERVAL_MS);
  // `close` calls it, and would cut a connection whose next request has been received but not read.
  server.closeIdleConnections = () => {};

  const closeIdle = () => {
    for (const [socket, answers] of open) if (answers?.size === 0) socket.destroySoon();
  };
  const cutUnfinished = () => {
    for (const [socket, answers = []] of open) {
      if (![...answers].some(({ req }) => req.complete)) socket.destroy();
    }
  };
  return {
    async end(graceMs) {
      isEnding = true;
      clearInterval(sweep);
      for (const answers of open.values()) answers?.forEach((answer) => answer.shouldKeepAlive = false);
      const lastTurn = Math.min(ARRIVAL_TURNS, Math.floor(graceMs / TURN_MS));
      for (let turn = 1; open.size > 0 && turn <= lastTurn; turn++) {
        await new Promise((resolve) => setTimeout(resolve, TURN_MS));
        if (turn === IDLE_TURNS) closeIdle();
      }
      cutUnfinished();
    },
  };
}
