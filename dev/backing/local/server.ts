import type { BackingServer } from "../backing.ts";
import { becomes } from "../poll.ts";
import { untilReady } from "../ready.ts";
import { endOrphan } from "./orphan.ts";
import { logOf, type ProcessPlan, startProcess } from "./process.ts";
import { childrenOf, isRunning, signal } from "./processes.ts";

/** What a server needs to be run: its process, and a question that it answers once it is ready. */
export interface ServerPlan extends ProcessPlan {
  /** What a person calls it. */
  readonly title: string;
  readonly stopSignal: "SIGINT" | "SIGTERM";
  readonly ask: () => Promise<void>;
}

const STOP_LIMIT_MS = 10_000;

/** A server that runs as a process of this machine, in a folder of ours. */
export class LocalServer implements BackingServer, AsyncDisposable {
  readonly #plan: ServerPlan;
  #process: Deno.ChildProcess | undefined;
  /** Its own processes, while they are frozen. */
  #frozen: readonly number[] = [];

  constructor(plan: ServerPlan) {
    this.#plan = plan;
  }

  isRunning(): Promise<boolean> {
    return Promise.resolve(this.#process !== undefined);
  }

  /** @throws {import("../errors.ts").ServerFailed} with the end of its log, when it ends or stays silent for 30 s */
  async start(): Promise<void> {
    if (this.#process) return;
    await endOrphan(this.#plan.folder);
    const child = await startProcess(this.#plan);
    this.#process = child;
    void child.status.then(() => {
      if (this.#process === child) this.#process = undefined;
    });
    try {
      await untilReady({
        title: this.#plan.title,
        isRunning: () => this.#process === child,
        ask: this.#plan.ask,
        log: () => logOf(this.#plan.folder),
      });
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.resume();
    const child = this.#process;
    if (!child) return;
    signal(child.pid, this.#plan.stopSignal);
    if (await becomes(() => this.#process !== child, { withinMs: STOP_LIMIT_MS, everyMs: 5 })) return;
    await this.kill();
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    // With its own processes, as a power cut would: one that lived on would hold the data and stop the next start.
    const family = [child.pid, ...await childrenOf(child.pid)];
    for (const pid of family) signal(pid, "SIGKILL");
    await child.status;
    const areGone = async () => !(await Promise.all(family.map(isRunning))).includes(true);
    await becomes(areGone, { withinMs: STOP_LIMIT_MS, everyMs: 5 });
    this.#process = undefined;
    this.#frozen = [];
  }

  async pause(): Promise<void> {
    const child = this.#process;
    if (!child || this.#frozen.length > 0) return;
    // The one that starts the others first: after it has stopped there will be no new ones.
    signal(child.pid, "SIGSTOP");
    const others = await childrenOf(child.pid);
    for (const pid of others) signal(pid, "SIGSTOP");
    this.#frozen = [child.pid, ...others];
  }

  resume(): Promise<void> {
    for (const pid of this.#frozen.toReversed()) signal(pid, "SIGCONT");
    this.#frozen = [];
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
