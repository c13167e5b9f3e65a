import type { ContainerRuntimeClient } from "testcontainers";
import type { BackingServer } from "../backing.ts";
import { untilReady } from "../ready.ts";
import { askEngine } from "./ask_engine.ts";

/** A container, as the engine's client returns it. */
export type ContainerHandle = ReturnType<ContainerRuntimeClient["container"]["getById"]>;

/** A server in a container. */
export interface ContainedServer {
  readonly title: string;
  readonly container: ContainerHandle;
  /** Whether its data, in a named volume, outlive the container. */
  readonly lasts: boolean;
  readonly ask: () => Promise<unknown>;
}

const STOP_LIMIT_S = 10;

/** A server in a container of ours, which runs already and is removed at the end. */
export class DockerServer implements BackingServer, AsyncDisposable {
  readonly #server: ContainedServer;

  constructor(server: ContainedServer) {
    this.#server = server;
  }

  async isRunning(): Promise<boolean> {
    return (await this.#state()).Running;
  }

  /** @throws {import("../errors.ts").ServerFailed} with the end of its log, when it ends or does not answer for 2 min */
  async start(): Promise<void> {
    if (await this.isRunning()) return;
    await askEngine(() => this.#server.container.start());
    await untilAnswers(this.#server);
  }

  async stop(): Promise<void> {
    await this.resume();
    await askEngine(() => this.#server.container.stop({ t: STOP_LIMIT_S })).catch(unlessGone);
  }

  async kill(): Promise<void> {
    await this.resume();
    await askEngine(() => this.#server.container.kill()).catch(unlessGone);
    await askEngine(() => this.#server.container.wait());
  }

  async pause(): Promise<void> {
    const { Running, Paused } = await this.#state();
    if (Running && !Paused) await askEngine(() => this.#server.container.pause());
  }

  async resume(): Promise<void> {
    if ((await this.#state()).Paused) await askEngine(() => this.#server.container.unpause());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Temporary data need not be written to disk first.
    if (this.#server.lasts) await this.stop();
    await askEngine(() => this.#server.container.remove(EVEN_RUNNING)).catch(unlessGone);
  }

  async #state() {
    return (await askEngine(() => this.#server.container.inspect())).State;
  }
}

/** With its unnamed volumes, too. */
const EVEN_RUNNING = { force: true, v: true };

/** Waits until the server in a running container answers. */
export async function untilAnswers({ title, container, ask }: Omit<ContainedServer, "lasts">): Promise<void> {
  await untilReady({
    title,
    ask,
    isRunning: async () => (await askEngine(() => container.inspect())).State.Running,
    log: () => endOfLog(container),
  });
}

const LOG_LINES = 8;

async function endOfLog(container: ContainerHandle): Promise<string> {
  const log = await askEngine(() => container.logs({ stdout: true, stderr: true, tail: LOG_LINES }));
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const text = new TextDecoder();
  const frames: string[] = [];
  // Each frame has a header of eight bytes, the last four of which are its length.
  for (let start = 8; start <= log.byteLength;) {
    const end = start + view.getUint32(start - 4);
    frames.push(text.decode(log.subarray(start, end)));
    start = end + 8;
  }
  return frames.join("").trimEnd();
}

/** Shuts down the container of this name cleanly and removes it, if there is one. */
export async function endContainerNamed(name: string, { container }: ContainerRuntimeClient): Promise<void> {
  const leftover = container.dockerode.getContainer(name);
  await askEngine(() => leftover.stop()).catch(unlessGone);
  await askEngine(() => leftover.remove(EVEN_RUNNING)).catch(unlessGone);
}

/** Removes the volume of this name, if there is one. */
export async function removeVolumeNamed(name: string, { container }: ContainerRuntimeClient): Promise<void> {
  await askEngine(() => container.dockerode.getVolume(name).remove()).catch(unlessGone);
}

// Stopped already; no such thing; not running, or being removed by another process.
const GONE: readonly unknown[] = [304, 404, 409];

function unlessGone(error: unknown): void {
  if (!(error instanceof Error && "statusCode" in error && GONE.includes(error.statusCode))) throw error;
}
