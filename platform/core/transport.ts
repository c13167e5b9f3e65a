import type { Socket } from "node:net";

/** The connection that TLS runs over, which the server announced before the handshake; without TLS, the socket itself. */
export function transportOf(socket: Socket): Socket {
  // As in Node.js, a TLS socket keeps it under a name that its types leave out.
  const { _parent: transport } = socket as Socket & { readonly _parent?: Socket | null };
  return transport ?? socket;
}
