import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { answerOf, createRawClient } from "@rocket/platform/testing/raw-client";
import { AuthService } from "@rocket/proto/iam";
import { startProcess, type TestProcess } from "./process.ts";

const PROGRAM = new URL("../integration/platform/programs/grpc_door.ts", import.meta.url).href;

/** A gRPC door in a process of its own, which anyone may call without a login. */
export interface AttackedDoor extends AsyncDisposable {
  readonly process: TestProcess;
  readonly port: number;
  /** Calls the door as another client does, over a connection that was there before, and fails if it is not answered. */
  call(): Promise<void>;
  /** Opens a connection to attack with; what happens to it is no error of the test. */
  connect(): ClientHttp2Session;
  /** The most memory that the process has had, in MiB. */
  peakMib(): Promise<number>;
}

/** Starts the door, and makes a call. */
export async function startAttackedDoor(): Promise<AttackedDoor> {
  await using starting = new AsyncDisposableStack();
  const flags = ["--allow-net", "--allow-env", "--allow-sys=hostname,uid", "--allow-read"];
  const process = starting.use(startProcess(Deno.execPath(), ["run", "--quiet", ...flags, PROGRAM]));
  const [, port = ""] = await process.waitForLine(/"address":"127\.0\.0\.1:(\d+)"/, 30_000);
  const target = `127.0.0.1:${port}`;
  const client = starting.use(createRawClient(AuthService, target));
  const call = async () => {
    await answerOf(client.login({ login: "ripley", password: "" }));
  };
  await call();
  const owned = starting.move();
  return {
    process,
    port: Number(port),
    call,
    connect() {
      const session = connect(`http://${target}`);
      session.on("error", () => {});
      owned.defer(() => session.destroy());
      return session;
    },
    async peakMib() {
      // Deno itself reads files in /proc only with every permission.
      const cat = new Deno.Command("cat", { args: [`/proc/${process.pid}/status`] });
      const { stdout } = await cat.output();
      const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(new TextDecoder().decode(stdout)) ?? [];
      return Number(kib) / 1_024;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Begins a call of the door's method; what happens to it is no error of the test. */
export function beginCall(session: ClientHttp2Session, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
  const stream = session.request({
    ":method": "POST",
    ":path": AuthService.login.path,
    "content-type": "application/grpc",
    ...headers,
  }, { endStream: false });
  stream.on("error", () => {});
  stream.resume();
  return stream;
}

/** Waits until a call has ended, and returns its `grpc-status`, or without one how HTTP/2 ended it. */
export function endingOf(stream: ClientHttp2Stream): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const readStatus = ({ "grpc-status": status }: IncomingHttpHeaders) => {
    if (status !== undefined) resolve(String(status));
  };
  stream.on("response", readStatus);
  stream.on("trailers", readStatus);
  // Deno does not close a stream that was reset while it was sending.
  stream.on("close", () => resolve(`RST_STREAM ${stream.rstCode}`));
  return promise;
}
