import assert from "node:assert/strict";
import { join } from "node:path";
import type { Environment } from "../backing.ts";
import { WayUnavailable } from "../errors.ts";
import { becomes } from "../ready.ts";
import { dropBackingData, startBacking } from "../start.ts";
import { holdBacking, killRun } from "../testing/killed_run.ts";
import { environmentFor, withRedis } from "../testing/own_servers.ts";
import { clusterCache } from "./cluster.ts";
import { lastingFolder } from "./home.ts";
import { isRunning } from "./processes.ts";
import { localWay } from "./way.ts";

const IN_TIME = { withinMs: 10_000, everyMs: 20 };

Deno.test("no process and no folder is left after a run", () =>
  inTemp(async (temp) => {
    const backing = await startBacking({ databases: ["iam"], env: environment(temp) });
    const pids = await serverPids(join(temp, await onlyFolderIn(temp)));
    assert.deepEqual(await Promise.all(pids.map(isRunning)), [true, true]);
    await backing[Symbol.asyncDispose]();
    assert.deepEqual(await Promise.all(pids.map(isRunning)), [false, false]);
    assert.deepEqual(await foldersIn(temp), []);
  }));

Deno.test("Ctrl-C, which goes to our terminal's session, does not reach the stores", () =>
  inTemp(async (temp) => {
    await using _backing = await startBacking({ databases: [], env: environment(temp) });
    for (const pid of await serverPids(join(temp, await onlyFolderIn(temp)))) {
      assert.equal(await sessionOf(pid), pid);
    }
  }));

Deno.test("stores end when their run is killed, and the next run deletes what is left of it", () =>
  inTemp(async (temp) => {
    const holder = await holdBacking({ source: "local", env: { TMPDIR: temp } });
    const abandoned = join(temp, await onlyFolderIn(temp));
    const pids = await serverPids(abandoned);
    await killRun(holder);
    const areGone = async () => (await Promise.all(pids.map(isRunning))).every((running) => !running);
    assert(await becomes(areGone, IN_TIME), "servers outlived their run");
    await using _backing = await startBacking({ databases: [], env: environment(temp) });
    await assert.rejects(Deno.stat(abandoned), Deno.errors.NotFound);
  }));

Deno.test("stores that a killed run left frozen are ended by the next run", () =>
  inTemp(async (temp) => {
    const holder = await holdBacking({ source: "local", env: { TMPDIR: temp } });
    const pids = await serverPids(join(temp, await onlyFolderIn(temp)));
    for (const pid of pids) Deno.kill(pid, "SIGSTOP");
    await killRun(holder);
    assert.deepEqual(await Promise.all(pids.map(isRunning)), [true, true]);
    await using _backing = await startBacking({ databases: [], env: environment(temp) });
    assert.deepEqual(await Promise.all(pids.map(isRunning)), [false, false]);
  }));

Deno.test("data that last are kept if the run is killed", () =>
  inTemp(async (temp) => {
    const dataDir = join(temp, "data");
    const holder = await holdBacking({ source: "local", dataDir });
    await killRun(holder);
    await using backing = await startBacking({ databases: ["iam"], env: environment(temp), dataDir });
    assert.equal(backing.source, "local");
  }));

Deno.test("suites that start at the same time share one template", () =>
  inTemp(async (temp) => {
    const env = { ...environment(temp), XDG_CACHE_HOME: join(temp, "cache") };
    await using stack = new AsyncDisposableStack();
    const starts = [1, 2, 3].map(async () => stack.use(await startBacking({ databases: ["iam"], env })));
    await Promise.all(starts);
    const templates = await foldersIn(join(temp, "cache", "rocket-factory"));
    assert.equal(templates.length, 1, String(templates));
  }));

for (const umask of ["027", "077"]) {
  Deno.test(`stores that last start under umask ${umask}, and again under 022`, () =>
    inTemp(async (temp) => {
      const [dataDir, env] = [join(temp, "data"), { TMPDIR: temp, XDG_CACHE_HOME: join(temp, "cache") }];
      await killRun(await holdBacking({ source: "local", dataDir, env, umask }));
      await startAndStop(environmentWithCache(temp), dataDir);
      await dropBackingData(dataDir, environment(temp));
    }));

  Deno.test(`stores for one run start under umask ${umask}, and leave no folder`, () =>
    inTemp(async (temp) => {
      const env = { TMPDIR: temp, XDG_CACHE_HOME: join(temp, "cache") };
      await killRun(await holdBacking({ source: "local", env, umask }));
      await startAndStop(environmentWithCache(temp));
      assert.deepEqual(await foldersIn(temp), ["cache"]);
    }));
}

Deno.test("a cache that an earlier run made too narrow is used again", () =>
  inTemp(async (temp) => {
    const cache = join(temp, "cache", "rocket-factory");
    await Deno.mkdir(join(temp, "cache"), { mode: 0o711 });
    await Deno.mkdir(cache, { mode: 0o700 });
    await startAndStop(environmentWithCache(temp));
    assert.equal((await foldersIn(cache)).length, 1);
  }));

Deno.test("data in a folder that the servers' account can't reach are kept elsewhere, until they are dropped", () =>
  inTemp(async (temp) => {
    const closed = join(temp, "closed");
    await Deno.mkdir(closed, { mode: 0o700 });
    const dataDir = join(closed, ".data");
    await startTwice(dataDir, environment(temp));
  }));

Deno.test("a data folder whose path looks like a pattern has private servers, with a password", () =>
  inTemp(async (temp) => {
    const dataDir = join(temp, "g[1]", ".data");
    await Deno.mkdir(join(temp, "g[1]"));
    await Deno.chmod(join(temp, "g[1]"), 0o711);
    await startTwice(dataDir, environment(temp));
  }));

Deno.test("the cache goes to the next place if one can't be written", () =>
  inTemp(async (temp) => {
    await Deno.writeTextFile(join(temp, "file"), "");
    const env = { XDG_CACHE_HOME: join(temp, "file", "x"), HOME: join(temp, "file") };
    assert.equal(await clusterCache(env, undefined, "last"), "/var/cache/rocket-factory");
    const own = { XDG_CACHE_HOME: join(temp, "file"), HOME: join(temp, "home") };
    assert.equal(await clusterCache(own, undefined, "last"), join(temp, "home/.cache/rocket-factory"));
  }));

Deno.test("the missing programs of a machine are named", async () => {
  const order = {
    needs: new Set(["redis"] as const),
    env: { PATH: "/nowhere" },
    dataDir: undefined,
    say: () => {},
  };
  await assert.rejects(localWay.start(order), new WayUnavailable("no redis-server in PATH"));
});

async function startAndStop(env: Environment, dataDir?: string): Promise<void> {
  await using _backing = await startBacking({ databases: ["iam"], env, ...(dataDir && { dataDir }) });
}

function environmentWithCache(temp: string): Environment {
  return { ...environment(temp), XDG_CACHE_HOME: join(temp, "cache") };
}

/** Starts stores that last, checks that Redis is private, and finds its data again after a restart. */
async function startTwice(dataDir: string, env: Environment): Promise<void> {
  const start = () => startBacking({ databases: ["iam"], env, dataDir });
  try {
    {
      await using backing = await start();
      const { password } = new URL(backing.redisUrl);
      await assert.rejects(withRedis(backing.redisUrl.replace(password, ""), (redis) => redis.ping()));
      const settings = await withRedis(
        backing.redisUrl,
        (redis) => redis.config("GET", "bind", "requirepass"),
      );
      assert.deepEqual(new Set(settings), new Set(["requirepass", password, "bind", "127.0.0.1"]));
      await withRedis(backing.redisUrl, (redis) => redis.set("word", "kept"));
    }
    await using backing = await start();
    assert.equal(await withRedis(backing.redisUrl, (redis) => redis.get("word")), "kept");
  } finally {
    await dropBackingData(dataDir, env);
  }
  await assert.rejects(Deno.stat(await lastingFolder(dataDir)), Deno.errors.NotFound);
}

/** A folder for temporary folders, which servers under another account can get at. */
async function inTemp(test: (temp: string) => Promise<void>): Promise<void> {
  const temp = await Deno.makeTempDir();
  await Deno.chmod(temp, 0o711);
  try {
    await test(temp);
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

function environment(temp: string): Environment {
  return { ...environmentFor("local"), TMPDIR: temp };
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}

async function onlyFolderIn(folder: string): Promise<string> {
  const folders = await foldersIn(folder);
  assert.equal(folders.length, 1, String(folders));
  return folders[0] ?? "";
}

async function serverPids(folder: string): Promise<number[]> {
  const pids = ["postgres", "redis"].map((server) => Deno.readTextFile(join(folder, server, "pid")));
  return (await Promise.all(pids)).map(Number);
}

/** The session of a process: the sixth field of its `/proc` entry, the second being a name in brackets. */
async function sessionOf(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/stat`] }).output();
  return Number(new TextDecoder().decode(stdout).replace(/^.*\) /, "").split(" ")[3]);
}
