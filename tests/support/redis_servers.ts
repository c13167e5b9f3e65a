import { startBacking } from "@rocket/dev";
import { Redis } from "ioredis";
import { freePort } from "@rocket/platform/free-port";
import { eventually } from "@rocket/platform/testing/eventually";
import type { Certificate } from "@rocket/platform/testing/certificates";
import { findProgram } from "./find_program.ts";
import { startProcess, type TestProcess } from "./process.ts";

/** Why a suite that starts servers of its own is skipped. */
export const NEEDS_REDIS_SERVER = "skipped: needs a redis-server on this machine";

/** The password of every Redis and Sentinel here. */
export const REDIS_PASSWORD = "nostromo-180924609";

/** Finds the machine's redis-server; installs it where the tests' stores are installed. `undefined` if there is none. */
export async function findRedisServer(): Promise<string | undefined> {
  const options = { databases: [], stores: ["redis"], env: Deno.env.toObject() } as const;
  await using _backing = await startBacking(options);
  return await findProgram("redis-server");
}

/** Every command that IAM can't do without, on the keys it uses. */
export const IAM_PERMISSIONS = [
  ...["~iam:*", "+get", "+getdel", "+getex", "+set", "+del", "+eval", "+zadd", "+zrem", "+zremrangebyscore"],
  ...["+zrange", "+zscore", "+zremrangebyrank", "+pexpire", "+pexpireat", "+pexpiretime", "+time"],
];

/** What a user of a cluster needs besides. */
export const CLUSTER_PERMISSIONS = ["+cluster|slots", "+cluster|info", "+asking"];

/** A server of a cluster or of a Sentinel group; disposing kills it. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** A connection with every right. */
  readonly admin: Redis;
  /** Ends it at once, as a crash does. */
  kill(): void;
  /** Freezes it: its port still accepts connections, and nothing answers. */
  freeze(): void;
}

/** Folders and servers that are removed together; with a certificate they speak TLS only. */
export class RedisServers implements AsyncDisposable {
  readonly #program: string;
  readonly #certificate: Certificate | undefined;
  readonly #owned = new AsyncDisposableStack();

  constructor(program: string, certificate?: Certificate) {
    this.#program = program;
    this.#certificate = certificate;
  }

  /** Starts a server, and waits until it answers. */
  start(options: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
    return this.#run((folder) => ({
      dir: folder,
      appendonly: "yes",
      save: '""',
      masterauth: REDIS_PASSWORD,
      "repl-diskless-sync-delay": "0",
      "maxmemory-policy": "noeviction",
      ...options,
    }));
  }

  /** Starts a Sentinel with these `sentinel` lines, and waits until it answers. */
  startSentinel(lines: Readonly<Record<string, string>>): Promise<RedisServer> {
    return this.#run(() => lines, "--sentinel");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }

  async #run(
    optionsIn: (folder: string) => Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<RedisServer> {
    const folder = await Deno.makeTempDir();
    this.#owned.defer(() => Deno.remove(folder, { recursive: true }));
    const port = freePort();
    const options = {
      bind: "127.0.0.1",
      requirepass: REDIS_PASSWORD,
      ...listening(port, this.#certificate),
      ...optionsIn(folder),
    };
    const lines = Object.entries(options).map(([name, value]) => `${name} ${value}\n`);
    await Deno.writeTextFile(`${folder}/redis.conf`, lines.join(""));
    const process = this.#owned.use(startProcess(this.#program, [`${folder}/redis.conf`, ...args]));
    return this.#owned.use(await connectTo(process, port, this.#certificate));
  }
}

function listening(port: number, certificate: Certificate | undefined): Readonly<Record<string, string>> {
  if (certificate === undefined) return { port: String(port) };
  return {
    port: "0",
    "tls-port": String(port),
    "tls-cert-file": certificate.cert,
    "tls-key-file": certificate.key,
    "tls-ca-cert-file": certificate.ca,
    "tls-auth-clients": "no",
    "tls-replication": "yes",
  };
}

async function connectTo(
  process: TestProcess,
  port: number,
  certificate: Certificate | undefined,
): Promise<RedisServer> {
  const admin = new Redis({
    host: "127.0.0.1",
    port,
    password: REDIS_PASSWORD,
    ...(certificate && { tls: { ca: await Deno.readTextFile(certificate.ca) } }),
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 20,
  });
  // A killed server is reported by the commands that fail.
  admin.on("error", () => {});
  await eventually(() => admin.ping());
  return {
    port,
    admin,
    kill: () => process.kill("SIGKILL"),
    freeze: () => process.kill("SIGSTOP"),
    [Symbol.asyncDispose]: () => Promise.resolve(admin.disconnect()),
  };
}

/** One field of `INFO`. */
export async function infoOf(server: RedisServer, section: string, field: string): Promise<string> {
  const info = await server.admin.info(section);
  return new RegExp(`^${field}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
}

/** Waits until a replica has what its master has written so far. */
export async function untilReplicated(master: RedisServer, replica: RedisServer): Promise<void> {
  const offset = Number(await infoOf(master, "replication", "master_repl_offset"));
  await eventually(async () => {
    const reached = Number(await infoOf(replica, "replication", "slave_repl_offset"));
    if (reached < offset) throw new Error(`${offset - reached} bytes behind`);
  });
}
