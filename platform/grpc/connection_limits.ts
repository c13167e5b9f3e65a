import type { ServerHttp2Session } from "node:http2";
import type { Server } from "@grpc/grpc-js";
import { createConnectionCap } from "../core/connection_cap.ts";
import { wrapHttp2Event } from "./http2_hook.ts";

/** How often connections without a request are looked for, in milliseconds. */
const SWEEP_INTERVAL_MS = 1_000;

/** The connections of a server. */
export interface Connections {
  /** Closes those that have made no request, and waits until they have closed. */
  closeUnused(): Promise<void>;
}

/** Limits the connections of a server as `CONNECTION_LIMITS` says. Call it before the server is bound. */
export function limitConnections(server: Server): Connections {
  const closing = new Map<ServerHttp2Session, Promise<void>>();
  const close = (session: ServerHttp2Session) => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    closing.set(session, closed);
    session.once("close", () => {
      closing.delete(session);
      resolve();
    });
    session.destroy();
  };
  const cap = createConnectionCap<ServerHttp2Session>(close);
  wrapHttp2Event<(session: ServerHttp2Session) => void>(server, "session", (http2Server, handle) => {
    const sweep = setInterval(() => cap.closeUnused(), SWEEP_INTERVAL_MS);
    http2Server.once("close", () => clearInterval(sweep));
    return (session) => {
      if (!cap.admit(session, session.socket?.remoteAddress ?? "")) return session.destroy();
      session.once("close", () => cap.remove(session));
      session.once("stream", () => cap.keep(session));
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
