import type { Http2Server } from "node:http2";
import type { Server } from "@grpc/grpc-js";

/** The internal method of grpc-js that adds its listeners to an HTTP/2 server. */
interface Http2Hooks {
  _setupHandlers(http2Server: Http2Server, ...rest: unknown[]): void;
}

/**
 * Wraps what grpc-js does with an event of its HTTP/2 servers. It has no public hook that early: interceptors run after
 * it has read a call's headers.
 *
 * Call it before the server is bound.
 *
 * @param event `stream` for a call, `session` for a connection.
 * @param wrap Receives the HTTP/2 server and the listener of grpc-js, and returns the listener to take its place.
 */
export function wrapHttp2Event<Listener extends (...event: never[]) => void>(
  server: Server,
  event: "stream" | "session",
  wrap: (http2Server: Http2Server, handle: Listener) => Listener,
): void {
  const hooks = server as unknown as Http2Hooks;
  const setUp = hooks._setupHandlers;
  hooks._setupHandlers = (http2Server, ...rest) => {
    setUp.call(server, http2Server, ...rest);
    for (const handle of http2Server.listeners(event)) {
      http2Server.off(event, handle as () => void);
      // The types of `listeners` don't depend on the event.
      http2Server.on(event, wrap(http2Server, handle as Listener) as () => void);
    }
  };
}
