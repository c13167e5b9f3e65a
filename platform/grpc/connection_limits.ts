import type { ServerHttp2Session } from "node:http2";
import type { Server } from "@grpc/grpc-js";
import { createConnectionCap } from "../core/connection_cap.ts";
import { wrapHttp2Event } from "./http2_hook.ts";

/** How often connections without a request are looked for, in milliseconds. */
const SWEEP_INTERVAL_MS = 1_000;

/** Limits the connections of a server as `CONNECTION_LIMITS` says. Call it before the server is bound. */
export function limitConnections(server: Server): void {
  wrapHttp2Event<(session: ServerHttp2Session) => void>(server, "session", (http2Server, handle) => {
    const cap = createConnectionCap<ServerHttp2Session>((session) => session.destroy());
    const sweep = setInterval(() => cap.closeUnused(), SWEEP_INTERVAL_MS);
    http2Server.once("close", () => clearInterval(sweep));
    return (session) => {
      if (!cap.admit(session, session.socket?.remoteAddress ?? "")) return session.destroy();
      session.once("close", () => cap.remove(session));
      session.once("stream", () => cap.keep(session));
      handle(session);
    };
  });
}
