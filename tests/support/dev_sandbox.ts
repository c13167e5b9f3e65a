import { dropBackingData, type ServiceName, type Variables } from "@rocket/dev";
import { AuthService } from "@rocket/proto/iam";
import { answerOf, createRawClient } from "@rocket/platform/testing/raw-client";
import { startProcess, type TestProcess } from "./process.ts";
import { freeDoorPorts, portVariables } from "./service_ports.ts";

/** How long starting or stopping may take on a machine busy with other suites, in milliseconds. */
const TIMEOUT_MS = 60_000;

const ROOT = new URL("../../", import.meta.url);

/** The last line of the summary that `deno task dev` prints once everything is ready. */
export const SUMMARY_END = /Stop everything: +Ctrl-C/;

/** The output of `deno task session`. */
export interface PrintedSession {
  readonly login: string;
  readonly password: string;
  readonly sessionUuid: string;
  /** The `curl` command that places an order. */
  readonly orderLine: string;
}

/**
 * Creates a sandbox for `deno task dev`, in this workspace or a copy of it.
 *
 * @param hosts Variables that make services listen on other hosts than 127.0.0.1.
 */
export async function createDevSandbox(root: URL = ROOT, hosts: Variables = {}): Promise<DevSandbox> {
  return new DevSandbox(root, await Deno.makeTempDir({ prefix: "rocket-dev-" }), hosts);
}

/** Free ports and a new data folder with which `deno task dev` can run. Disposing removes the data. */
export class DevSandbox implements AsyncDisposable {
  readonly #ports = freeDoorPorts();
  readonly orderUrl = `http://127.0.0.1:${this.port("ORDER_HTTP_PORT")}`;
  readonly #owned = new AsyncDisposableStack();
  readonly #env: Variables;

  constructor(readonly root: URL, readonly dataDir: string, hosts: Variables) {
    this.#env = {
      ...Deno.env.toObject(),
      // Unset, so that `dev` starts private stores, generates the token, and derives targets from the ports and hosts.
      ...{ IAM_POSTGRES_URL: "", INVENTORY_POSTGRES_URL: "", ORDER_POSTGRES_URL: "", IAM_REDIS_URL: "" },
      SERVICE_TOKEN: "",
      ...portVariables(this.#ports),
      ...{ IAM_GRPC_TARGET: "", INVENTORY_GRPC_TARGET: "", PAYMENT_GRPC_TARGET: "" },
      ...hosts,
    };
    this.#owned.defer(() => Deno.remove(dataDir, { recursive: true }));
    this.#owned.defer(() => dropBackingData(dataDir));
  }

  /** The port of a door, by its variable. */
  port(variable: string): number {
    const port = this.#ports[variable];
    if (port === undefined) throw new TypeError(`no door has the variable ${variable}`);
    return port;
  }

  /** The command line of `deno task dev` in this sandbox, with the task's permissions. */
  async command(...args: readonly string[]): Promise<readonly [string, ...string[]]> {
    return [Deno.execPath(), ...await this.#task("dev"), "--data", this.dataDir, ...args];
  }

  /** Starts `dev` without waiting until it is ready; the caller disposes it. */
  async start(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<TestProcess> {
    const [command, ...rest] = await this.command(...args);
    return this.launch(command, rest, env);
  }

  /** Starts `dev` and waits until it has printed its summary. */
  async startAndWait(...args: readonly string[]): Promise<TestProcess> {
    const run = await this.start(args);
    await run.waitForLine(SUMMARY_END, TIMEOUT_MS);
    return run;
  }

  /** Starts another program with the environment of `dev` in this sandbox. */
  launch(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): TestProcess {
    return startProcess(command, args, { cwd: this.root, env: { ...this.#env, ...env } });
  }

  /** Runs `deno task session`. */
  async openSession(): Promise<PrintedSession> {
    await using program = this.launch(Deno.execPath(), await this.#task("session"));
    const [, login = "", password = ""] = await program.waitForLine(
      /Registered (\S+) with the password (\S+),/,
    );
    const [, sessionUuid = ""] = await program.waitForLine(/export SESSION=(\S+)/);
    const [orderLine] = await program.waitForLine(/curl .* -d .*/);
    return { login, password, sessionUuid, orderLine };
  }

  /** Logs in. @returns The session's UUID. */
  async logIn(login: string, password: string): Promise<string> {
    await using client = createRawClient(AuthService, `127.0.0.1:${this.port("IAM_GRPC_PORT")}`);
    const { sessionUuid } = await answerOf(client.login({ login, password }));
    return sessionUuid;
  }

  /** The id of the process that runs a service in this sandbox; `undefined` if there is none. */
  async pidOf(service: ServiceName): Promise<number | undefined> {
    const [line = ""] = (await this.processes()).filter((line) => line.includes(`${service}/main.ts`));
    return line === "" ? undefined : Number(line.split(" ")[0]);
  }

  /** The environment of the process that runs a service in this sandbox; on Linux only. */
  async variablesOf(service: ServiceName): Promise<Variables> {
    // Deno lets only programs with all permissions read files in /proc.
    const script = `tr '\\0' '\\n' </proc/${await this.pidOf(service)}/environ`;
    const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    const lines = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
    return Object.fromEntries(lines.map((line) => {
      const end = line.indexOf("=");
      return [line.slice(0, end), line.slice(end + 1)];
    }));
  }

  /** The processes, except `dev` itself, whose command lines name the data folder or a port of this sandbox. */
  async processes(): Promise<readonly string[]> {
    const names = [this.dataDir, ...Object.values(this.#ports).map((port) => `127.0.0.1:${port}`)];
    return (await commandLines()).filter((line) =>
      !line.includes("dev/main.ts") && names.some((name) => line.includes(name))
    );
  }

  /** The open ports of this sandbox. */
  async openPorts(): Promise<readonly number[]> {
    const open: number[] = [];
    for (const port of Object.values(this.#ports)) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port })).close();
        open.push(port);
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      }
    }
    return open;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }

  async #task(name: "dev" | "session"): Promise<readonly string[]> {
    const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", this.root)));
    const [deno, ...args] = String(tasks[name].command).split(" ");
    if (deno !== "deno") throw new TypeError(`task ${name} does not run deno`);
    return args;
  }
}

/** Every process on this machine as `<pid> <command line>`; on Linux without `ps`, which may not be installed. */
async function commandLines(): Promise<readonly string[]> {
  const script = Deno.build.os === "linux"
    ? `cd /proc; for pid in [0-9]*; do echo "$pid $(tr '\\0' ' ' <$pid/cmdline)"; done 2>/dev/null`
    : "ps -axo pid=,args=";
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script], stderr: "null" }).output();
  return new TextDecoder().decode(stdout).split("\n").map((line) => line.trim());
}
