import { connect, createServer, type Socket } from "node:net";
import { freePort } from "@rocket/platform/free-port";

/** A TCP port that forwards to a port of 127.0.0.1. */
export interface Forwarder extends AsyncDisposable {
  readonly port: number;
  /** The port to which new connections are forwarded. */
  target: number;
  /** The first bytes that any client sent. */
  firstBytes: Uint8Array;
  /** Connections are closed when their client sends this text. */
  cutAt: string | undefined;
}

/** Starts a forwarder; `host` is the address it listens on. */
export function startForwarder(target: number, host = "127.0.0.1"): Forwarder {
  const sockets = new Set<Socket>();
  const port = freePort();
  const server = createServer((near) => {
    const far = connect(forwarder.target, "127.0.0.1");
    near.once("data", (bytes: Uint8Array) => {
      if (forwarder.firstBytes.length === 0) forwarder.firstBytes = Uint8Array.from(bytes);
    });
    near.on("data", (bytes: Buffer) => {
      if (forwarder.cutAt !== undefined && bytes.includes(forwarder.cutAt)) near.destroy();
    });
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy()).on("close", () => to.destroy()).pipe(to);
    }
  }).listen(port, host);
  const forwarder: Forwarder = {
    port,
    target,
    firstBytes: new Uint8Array(),
    cutAt: undefined,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
  return forwarder;
}
