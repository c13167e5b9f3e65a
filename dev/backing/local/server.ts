import type { BackingServer } from "../backing.ts";
import { assertOnlyLoopback, becomes, untilReady } from "../ready.ts";
import { type Account, asAccount, lastLines, writeInput } from "./account.ts";
import { boundToUs, killFamily, signal, signalFamily } from "./processes.ts";
import type { Program } from "./programs.ts";

/** Where a server will run, and with what. */
export interface Place {
  readonly program: Program;
  readonly account: Account | undefined;
  /** Where it runs, and where its `log` and its `pid` are written. */
  readonly folder: string;
  /** The folder in it for the data. */
  readonly data: string;
  /** The folder for what later runs use again, or `undefined` if the data must survive a power cut. */
  readonly reused: string | undefined;
  readonly port: number;
  readonly password: string;
}

/** How a server is started and stopped in its place. */
export interface ServerCommand {
  readonly args: readonly string[];
  /** Its standard input: what must not be seen on a command line. */
  readonly input: string;
  /** What stops it cleanly; also sent when we die without having stopped it. */
  readonly stopSignal: "INT" | "TERM";
}

interface ServerPlan extends Place, ServerCommand {
  /** Its name for a person. */
  readonly title: string;
  readonly ask: () => Promise<unknown>;
}

const STOP_LIMIT_MS = 10_000;

/** A server that runs as a process of this machine, in a folder of ours. */
export class LocalServer implements BackingServer, AsyncDisposable {
  readonly #plan: ServerPlan;
  #process: Deno.ChildProcess | undefined;

  constructor(plan: ServerPlan) {
    this.#plan = plan;
  }

  isRunning(): Promise<boolean> {
    return Promise.resolve(this.#process !== undefined);
  }

  /** @throws {import("../errors.ts").ServerFailed} with the end of its log, when it ends or does not answer for 2 min */
  async start(): Promise<void> {
    if (this.#process) return;
    const { title, folder, port, ask } = this.#plan;
    const child = await this.#spawn();
    this.#process = child;
    void child.status.then(() => {
      if (this.#process === child) this.#process = undefined;
    });
    try {
      const log = async () => lastLines(await Deno.readTextFile(`${folder}/log`));
      await untilReady({ title, ask, log, isRunning: () => this.#process === child });
      await assertOnlyLoopback(title, port);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.resume();
    const child = this.#process;
    if (!child) return;
    signal(child.pid, `SIG${this.#plan.stopSignal}`);
    if (await becomes(() => this.#process !== child, { withinMs: STOP_LIMIT_MS, everyMs: 5 })) return;
    await this.kill();
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    await killFamily(child.pid);
    await child.status;
    this.#process = undefined;
  }

  async pause(): Promise<void> {
    if (this.#process) await signalFamily(this.#process.pid, "SIGSTOP");
  }

  async resume(): Promise<void> {
    if (this.#process) await signalFamily(this.#process.pid, "SIGCONT");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Starts it in a session of its own, out of reach of Ctrl-C in our terminal, and bound to our life. */
  async #spawn(): Promise<Deno.ChildProcess> {
    const { program, account, folder, stopSignal, input } = this.#plan;
    // The shell opens the log and becomes the server: no pipe of ours to drain, and the log outlives us.
    const shell = ["-c", 'exec "$0" "$@" >>log 2>&1', program.path, ...this.#plan.args];
    const { command, args } = await boundToUs(stopSignal, "sh", shell);
    const child = new Deno.Command(command, {
      args,
      cwd: folder,
      ...asAccount(account),
      detached: true,
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await Deno.writeTextFile(`${folder}/pid`, String(child.pid));
    await writeInput(child, input);
    return child;
  }
}
