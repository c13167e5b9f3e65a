import type { LogOutput } from "@rocket/platform/log";
import { boundToUs, signal } from "../backing/local/processes.ts";
import type { Variables } from "../environment.ts";
import type { ServiceName } from "../services.ts";
import { ownVariables, permissionFlags } from "./configuration.ts";
import { forwardLines, type LineListener } from "./log.ts";

/** What a service's process is made from. */
export interface ServiceProcessOptions {
  readonly name: ServiceName;
  /** The root of the workspace. */
  readonly root: URL;
  readonly env: Variables;
  /** The one log. */
  readonly lines: LogOutput;
}

/** How a service's process ended. */
export interface ServiceEnd {
  /** Its exit code, or the signal that ended it. */
  readonly how: string;
  /** Its last output outside its log: why it could not start, or its crash; may be empty. */
  readonly lastWords: string;
}

/** A service's process, started. */
export interface ServiceProcess {
  /** Resolves to the service's address once it is ready; never if it ends before. */
  readonly ready: Promise<string>;
  /** Resolves when the process has ended and its output has been read. */
  readonly ended: Promise<ServiceEnd>;
  /** Asks it to stop cleanly, and ends it if it does not within 20 s. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

/** A service takes at most 15 s to stop by default; one that takes longer hangs. In milliseconds. */
const STOP_LIMIT_MS = 20_000;

/** How much output outside the log is kept, in lines. */
const LAST_WORDS_LINES = 20;

/**
 * Starts a service as a process of its own, with the permissions and variables it asks for and no others.
 *
 * @throws {UnusableConfig} if its configuration is bad.
 */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { name, lines } = options;
  const child = await spawn(options);
  const { promise: ready, resolve } = Promise.withResolvers<string>();
  const lastWords: string[] = [];
  const listener: LineListener = {
    onEvent({ msg, address }) {
      if (msg === "ready" && address !== undefined) resolve(address);
    },
    onOther(line) {
      lastWords.push(line);
      if (lastWords.length > LAST_WORDS_LINES) lastWords.shift();
    },
  };
  const read = [child.stdout, child.stderr].map((stream) => forwardLines(name, stream, lines, listener));
  const ended = Promise.all([child.status, ...read])
    .then(([{ code, signal }]) => ({ how: signal ?? `exit code ${code}`, lastWords: lastWords.join("\n") }));
  return { ready, ended, ...stopper(child) };
}

async function spawn({ name, root, env }: ServiceProcessOptions): Promise<Deno.ChildProcess> {
  const flags = await permissionFlags(name, root, env);
  const program = ["run", "--quiet", ...flags, `${name}/main.ts`];
  const { command, args } = await boundToUs("TERM", Deno.execPath(), program);
  return new Deno.Command(command, {
    args,
    cwd: root,
    clearEnv: true,
    // As JSON, in whatever format the person at the terminal reads it.
    env: { ...ownVariables(flags, env), LOG_FORMAT: "json" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // Ctrl-C reaches the whole foreground group at once; the services are stopped in order instead.
    detached: true,
  }).spawn();
}

function stopper(child: Deno.ChildProcess): Pick<ServiceProcess, "stop" | "kill"> {
  let isOver = false;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  child.status.then(() => {
    isOver = true;
    clearTimeout(deadline);
  });
  const kill = () => signal(child.pid, "SIGKILL");
  return {
    stop() {
      if (isOver) return;
      signal(child.pid, "SIGTERM");
      deadline ??= setTimeout(kill, STOP_LIMIT_MS);
    },
    kill() {
      if (!isOver) kill();
    },
  };
}
