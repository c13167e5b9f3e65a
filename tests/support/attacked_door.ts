import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type Settings,
} from "node:http2";
import { answerOf, createRawClient } from "@rocket/platform/testing/raw-client";
import { AuthService } from "@rocket/proto/iam";
import { startProcess, type TestProcess } from "./process.ts";

const PROGRAM = new URL("../integration/platform/programs/grpc_door.ts", import.meta.url).href;

/** A gRPC door in a separate process, which clients may call without a session. */
export interface AttackedDoor extends AsyncDisposable {
  readonly process: TestProcess;
  readonly port: number;
  /** Calls the door over the connection of another client, opened before the attack. @throws {Error} if it fails. */
  call(): Promise<void>;
  /** Opens a connection for an attack; its errors do not fail the test. */
  connect(settings?: Settings): ClientHttp2Session;
  /** How many descriptors the process has open. */
  descriptors(): Promise<number>;
  /** The process's peak memory use, in MiB. */
  peakMib(): Promise<number>;
}

/**
 * Starts the door, and calls it once.
 *
 * @param descriptors How many descriptors the process may open.
 */
export async function startAttackedDoor({ descriptors = 10_000 } = {}): Promise<AttackedDoor> {
  await using starting = new AsyncDisposableStack();
  const flags = ["--allow-net", "--allow-env", "--allow-sys=hostname,uid", "--allow-read"];
  const script = `ulimit -n ${descriptors} && exec "${Deno.execPath()}" run --quiet ${
    flags.join(" ")
  } "${PROGRAM}"`;
  const process = starting.use(startProcess("sh", ["-c", script]));
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
    connect(settings = {}) {
      const session = connect(`http://${target}`, { settings });
      session.on("error", () => {});
      // Each of its calls listens.
      session.setMaxListeners(0);
      owned.defer(() => session.destroy());
      return session;
    },
    async descriptors() {
      const names = await outputOf("ls", `/proc/${process.pid}/fd`);
      return names.trim().split("\n").length;
    },
    async peakMib() {
      const status = await outputOf("cat", `/proc/${process.pid}/status`);
      const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
      return Number(kib) / 1_024;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Deno lets only programs with all permissions read files in /proc. */
async function outputOf(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args: [...args] }).output();
  return new TextDecoder().decode(stdout);
}

/** Starts a call of the door's method; its errors do not fail the test. */
export function startCall(session: ClientHttp2Session, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
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

/** Waits until a call has ended. @returns Its `grpc-status`, or `RST_STREAM` and the code if it was reset, or
 * `connection closed`. */
export function waitForStatus(stream: ClientHttp2Stream): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const readStatus = ({ "grpc-status": status }: IncomingHttpHeaders) => {
    if (status !== undefined) resolve(String(status));
  };
  stream.on("response", readStatus);
  stream.on("trailers", readStatus);
  // Deno does not close a stream that was reset while it was sending.
  stream.on("close", () => resolve(`RST_STREAM ${stream.rstCode}`));
  stream.session?.once("close", () => resolve("connection closed"));
  return promise;
}
