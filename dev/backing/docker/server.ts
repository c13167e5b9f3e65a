import { untilReady } from "../ready.ts";
import type { OwnServer } from "../way.ts";
import type { ContainerHandle } from "./handle.ts";
import { removeContainer } from "./remove.ts";

/** What there is to know about a server in a container. */
export interface ContainedServer {
  readonly title: string;
  readonly container: ContainerHandle;
  /** Whether its data, in a volume with a name, outlive the container. */
  readonly lasts: boolean;
  readonly ask: () => Promise<void>;
}

const STOP_LIMIT_S = 10;

/** A server that runs, from the first, in a container of ours, which is removed at the end. */
export class DockerServer implements OwnServer {
  readonly #server: ContainedServer;
  #state: "running" | "paused" | "stopped" = "running";

  constructor(server: ContainedServer) {
    this.#server = server;
  }

  async isRunning(): Promise<boolean> {
    return this.#state !== "stopped" && (await this.#server.container.inspect()).State.Running;
  }

  /** @throws {import("../errors.ts").ServerFailed} with the end of its log, when it ends or stays silent for 30 s */
  async start(): Promise<void> {
    if (await this.isRunning()) return;
    await this.#server.container.start();
    this.#state = "running";
    await untilAnswers(this.#server);
  }

  async stop(): Promise<void> {
    await this.resume();
    if (this.#state === "running") await this.#server.container.stop({ t: STOP_LIMIT_S });
    this.#state = "stopped";
  }

  async kill(): Promise<void> {
    await this.resume();
    if (this.#state === "running") await this.#server.container.kill();
    this.#state = "stopped";
  }

  async pause(): Promise<void> {
    if (this.#state !== "running") return;
    await this.#server.container.pause();
    this.#state = "paused";
  }

  async resume(): Promise<void> {
    if (this.#state !== "paused") return;
    await this.#server.container.unpause();
    this.#state = "running";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What is thrown away need not be written down first.
    if (this.#server.lasts) await this.stop();
    await removeContainer(this.#server.container);
  }
}

/** Waits until the server in a running container answers. */
export async function untilAnswers({ title, container, ask }: Omit<ContainedServer, "lasts">): Promise<void> {
  await untilReady({
    title,
    ask,
    isRunning: async () => (await container.inspect()).State.Running,
    log: () => endOfLog(container),
  });
}

const LOG_LINES = 8;

async function endOfLog(container: ContainerHandle): Promise<string> {
  const log = await container.logs({ stdout: true, stderr: true, tail: LOG_LINES });
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const text = new TextDecoder();
  const frames: string[] = [];
  // Each frame has a head of eight bytes, the last four of which say how long it is.
  for (let start = 8; start <= log.byteLength;) {
    const end = start + view.getUint32(start - 4);
    frames.push(text.decode(log.subarray(start, end)));
    start = end + 8;
  }
  return frames.join("").trimEnd();
}
