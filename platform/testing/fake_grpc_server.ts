import type { Server } from "@grpc/grpc-js";
import { freePort } from "../core/free_port.ts";
import { addHealth } from "../grpc/health.ts";
import { captureLog } from "./captured_log.ts";
import { type GrpcPeer, type GrpcPeerOptions, serveGrpc } from "./grpc_peer.ts";

/** A gRPC server that stands in for a service; it can be stopped and started again on the same port. */
export class FakeGrpcServer implements AsyncDisposable {
  /** Where it listens, `host:port`. */
  readonly target: string;
  /** The log of all its runs. */
  readonly captured = captureLog();
  readonly #port = freePort();
  readonly #addServices: GrpcPeerOptions["addServices"];
  #peer: GrpcPeer | undefined;

  constructor(addServices: GrpcPeerOptions["addServices"]) {
    this.target = `127.0.0.1:${this.#port}`;
    this.#addServices = addServices;
  }

  /** Starts listening, healthy immediately. */
  async start(): Promise<void> {
    const addServices = (server: Server) => {
      this.#addServices(server, this.captured);
      addHealth(server, []).serving();
    };
    this.#peer = await serveGrpc({ port: this.#port, captured: this.captured, addServices });
  }

  /** Closes it and all its connections immediately. */
  async stop(): Promise<void> {
    await this.#peer?.[Symbol.asyncDispose]();
    this.#peer = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
