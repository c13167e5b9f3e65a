/**
 * An echo server on 127.0.0.1: `echo_server.ts PORT`. Prints `listening` each time it starts to listen.
 *
 * Commands: `restart` shuts down gracefully and listens again; `stop` shuts down gracefully, exits, and reports how
 * many calls were cancelled by their callers.
 *
 * @module
 */
import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import { printEvent, runCommands } from "./commands.ts";
import { ECHO } from "./echo.ts";

const port = Number(Deno.args[0]);
let cancelled = 0;
let server = await listen();
await runCommands({
  restart: async () => {
    await close();
    server = await listen();
  },
  stop: async () => {
    await close();
    return { cancelled };
  },
});

async function listen(): Promise<Server> {
  const server = new Server();
  server.addService(ECHO, { echo: answer });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  printEvent("listening");
  return server;
}

function answer(call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void {
  let isAnswered = false;
  const timer = setTimeout(() => {
    isAnswered = true;
    callback(null, call.request);
  }, call.request[0]);
  call.once("cancelled", () => {
    // grpc-js emits this at the end of answered calls too.
    if (isAnswered) return;
    cancelled++;
    clearTimeout(timer);
  });
}

/** Sends GOAWAY on every connection, and finishes the calls in flight. */
function close(): Promise<void> {
  return new Promise((resolve, reject) => {
    server.tryShutdown((error) => error === undefined ? resolve() : reject(error));
  });
}
