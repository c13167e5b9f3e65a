import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { Server as TlsServer } from "node:tls";
import type { Server } from "@grpc/grpc-js";
import { type ConnectionLimits, createConnectionCap } from "../core/connection_cap.ts";
import { transportOf } from "../core/transport.ts";
import { wrapHttp2Event } from "./http2_hook.ts";

/** How often connections without a request are looked for, in milliseconds. */
const SWEEP_INTERVAL_MS = 1_000;

/** The connections of a server. */
export interface Connections {
  /** Closes those that have made no request, and waits until they have closed. */
  closeUnused(): Promise<void>;
}

/** A session, or the connection on which TLS may still be negotiated. */
type Connection = ServerHttp2Session | Socket;

/**
 * Limits the connections of a server; over TLS they count from before the handshake. Call it before the server is bound.
 *
 * @param limits `CONNECTION_LIMITS` unless given.
 */
export function limitConnections(server: Server, limits?: ConnectionLimits): Connections {
  const closing = new Map<Connection, Promise<void>>();
  const close = (connection: Connection) => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    closing.set(connection, closed);
    connection.once("close", () => {
      closing.delete(connection);
      resolve();
    });
    connection.destroy();
  };
  const cap = createConnectionCap<Connection>(close, limits);
  const admit = (connection: Connection, address: string | undefined) => {
    if (!cap.admit(connection, address ?? "")) return connection.destroy();
    connection.once("close", () => cap.remove(connection));
  };
  wrapHttp2Event<(session: ServerHttp2Session) => void>(server, "session", (http2Server, handle) => {
    const sweep = setInterval(() => cap.closeUnused(), SWEEP_INTERVAL_MS);
    http2Server.once("close", () => clearInterval(sweep));
    const isTls = http2Server instanceof TlsServer;
    if (isTls) http2Server.on("connection", (socket: Socket) => admit(socket, socket.remoteAddress));
    return (session) => {
      const connection = isTls ? transportOf(session.socket) : session;
      if (!isTls) admit(session, session.socket?.remoteAddress);
      if (connection.destroyed) return session.destroy();
      session.once("stream", () => cap.keep(connection));
      handle(session);
    };
  });
  return {
    async closeUnused() {
      cap.closeUnused(0);
      await Promise.all(closing.values());
    },
  };
}
