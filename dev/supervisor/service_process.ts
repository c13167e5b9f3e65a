import type { LogOutput } from "@rocket/platform/log";
import { boundToUs } from "../backing/local/bound_to_us.ts";
import { signal } from "../backing/local/processes.ts";
import type { Variables } from "./environment.ts";
import { permissionFlags } from "./flags.ts";
import { forwardLines, type LineListener } from "./log_lines.ts";
import type { ServiceName } from "./services.ts";

/** Where and how a service's process runs. */
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
  /** What it said last outside its log: why it could not start, or its crash; may be empty. */
  readonly lastWords: string;
}

/** A service's process, started. */
export interface ServiceProcess {
  /** Resolves to the service's address once it is ready; never where it ends before that. */
  readonly ready: Promise<string>;
  /** Resolves when the process is over and its last line is out. */
  readonly ended: Promise<ServiceEnd>;
  /** Asks it to stop in good order, and ends it where it does not; `ended` tells when it has. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

/** A service gives itself 15 s to stop by default; one that takes longer hangs. In milliseconds. */
const STOP_LIMIT_MS = 20_000;

/** How much of what a service said outside its log is kept, in lines. */
const LAST_WORDS_LINES = 20;

/**
 * Starts a service as a process of its own, with the permissions it asks for and no others.
 *
 * @throws {UnusableConfig} where its configuration is bad.
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
    // Lines come as JSON, whatever the person at the terminal gets to see.
    env: { ...env, LOG_FORMAT: "json" },
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
