import { Server, ServerCredentials } from "@grpc/grpc-js";
import { addHealth } from "@rocket/platform/grpc";
import { freePort } from "@rocket/platform/free-port";

/** A gRPC server that stands in for a service; it can go away and come back on the same port. */
export class FakeGrpcServer implements AsyncDisposable {
  /** Where it listens, `host:port`. */
  readonly target = `127.0.0.1:${freePort()}`;
  readonly #addServices: (server: Server) => void;
  #server: Server | undefined;

  constructor(addServices: (server: Server) => void) {
    this.#addServices = addServices;
  }

  /** Begins to listen, healthy at once. */
  async start(): Promise<void> {
    const server = new Server();
    this.#addServices(server);
    addHealth(server, []).serving();
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(this.target, ServerCredentials.createInsecure(), (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    this.#server = server;
  }

  /** Ends it at once, with all its connections. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.stop());
  }
}
