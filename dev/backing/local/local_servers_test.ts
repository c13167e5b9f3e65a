import assert from "node:assert/strict";
import { join } from "node:path";
import type { Environment } from "../backing.ts";
import { UnusableFolder, WayUnavailable } from "../errors.ts";
import { becomes } from "../ready.ts";
import { dropBackingData, startBacking } from "../start.ts";
import { withRedis } from "../stores.ts";
import { holdBacking, killRun } from "../testing/killed_run.ts";
import { environmentFor, temporaryFolder } from "../testing/own_servers.ts";
import { lastingFolder } from "./home.ts";
import { isRunning } from "./processes.ts";
import { localWay } from "./way.ts";

const IN_TIME = { withinMs: 10_000, everyMs: 20 };

/** The stores of the tests that hold for every kind. */
const STORES = ["postgres", "redis"] as const;

Deno.test("no process and no folder is left after a run", () =>
  inTemp(async (temp) => {
    const backing = await startBacking({
      databases: ["iam"],
      stores: STORES,
      env: environment(temp),
    });
    const pids = await serverPids(temp);
    assert.deepEqual(await Promise.all(pids.map(isRunning)), [true, true]);
    await backing[Symbol.asyncDispose]();
    assert.deepEqual(await Promise.all(pids.map(isRunning)), [false, false]);
    assert.deepEqual(await homesIn(temp), []);
  }));

Deno.test("an empty cluster is made by the first run only; later ones copy it", () =>
  inTemp(async (temp) => {
    const archives = async () => {
      const entries = await Array.fromAsync(Deno.readDir(join(temp, HOMES)), ({ name }) => name);
      const paths = entries.filter((name) => name.endsWith(".tar")).map((name) => join(temp, HOMES, name));
      return await Promise.all(paths.map(async (path) => (await Deno.stat(path)).ino));
    };
    await startAndStop(environment(temp));
    const made = await archives();
    assert.equal(made.length, 1);
    await startAndStop(environment(temp));
    assert.deepEqual(await archives(), made);
  }));

Deno.test("Ctrl-C, which goes to our terminal's session, does not reach the stores", () =>
  inTemp(async (temp) => {
    await using _backing = await startBacking({
      databases: [],
      stores: STORES,
      env: environment(temp),
    });
    for (const pid of await serverPids(temp)) assert.equal(await sessionOf(pid), pid);
  }));

Deno.test("runs at the same time have homes of their own", () =>
  inTemp(async (temp) => {
    await using stack = new AsyncDisposableStack();
    const starts = [1, 2].map(async () => {
      return stack.use(await startBacking({ databases: [], stores: ["redis"], env: environment(temp) }));
    });
    await Promise.all(starts);
    assert.equal((await homesIn(temp)).length, 2);
  }));

Deno.test("stores end when their run is killed, and the next run deletes what is left of it", () =>
  inTemp(async (temp) => {
    const holder = await holdBacking({ source: "local", stores: STORES, env: { TMPDIR: temp } });
    const pids = await serverPids(temp);
    await killRun(holder);
    const areGone = async () => (await Promise.all(pids.map(isRunning))).every((running) => !running);
    assert(await becomes(areGone, IN_TIME), "servers outlived their run");
    assert.equal((await homesIn(temp)).length, 1);
    await startAndStop(environment(temp));
    assert.deepEqual(await homesIn(temp), []);
  }));

Deno.test("stores that a killed run left frozen are ended by the next run", () =>
  inTemp(async (temp) => {
    const holder = await holdBacking({ source: "local", stores: STORES, env: { TMPDIR: temp } });
    const pids = await serverPids(temp);
    for (const pid of pids) Deno.kill(pid, "SIGSTOP");
    await killRun(holder);
    assert.deepEqual(await Promise.all(pids.map(isRunning)), [true, true]);
    await using _backing = await startBacking({
      databases: [],
      stores: STORES,
      env: environment(temp),
    });
    assert.deepEqual(await Promise.all(pids.map(isRunning)), [false, false]);
  }));

Deno.test("data that last are kept if the run is killed", () =>
  inTemp(async (temp) => {
    const dataDir = join(temp, "data");
    const holder = await holdBacking({ source: "local", stores: STORES, dataDir });
    await killRun(holder);
    await using backing = await startBacking({
      databases: ["iam"],
      stores: STORES,
      env: environment(temp),
      dataDir,
    });
    assert.equal(backing.source, "local");
  }));

for (const umask of ["027", "077"]) {
  Deno.test(`stores start under umask ${umask}, and again under 022`, () =>
    inTemp(async (temp) => {
      for (const dataDir of [undefined, join(temp, "data")]) {
        const data = dataDir === undefined ? {} : { dataDir };
        await killRun(
          await holdBacking({ source: "local", stores: STORES, ...data, env: { TMPDIR: temp }, umask }),
        );
        await startAndStop(environment(temp), dataDir);
      }
      await dropBackingData(join(temp, "data"));
    }));
}

Deno.test(
  "a home in a folder that another account has made is refused",
  { ignore: Deno.uid() !== 0 },
  () =>
    inTemp(async (temp) => {
      await Deno.mkdir(join(temp, HOMES));
      await Deno.chown(join(temp, HOMES), 1, 1);
      await assert.rejects(startAndStop(environment(temp)), UnusableFolder);
    }),
);

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

Deno.test("the missing programs of a machine are named", async () => {
  const order = {
    needs: new Set(["redis", "kafka"] as const),
    env: { PATH: "/nowhere", KAFKA_HOME: "/opt/kafka" },
    dataDir: undefined,
    say: () => {},
  };
  const missing = "no redis-server in PATH; no Kafka in /opt/kafka/libs";
  await assert.rejects(localWay.start(order), new WayUnavailable(missing));
});

Deno.test("a Kafka that is too old, or without a Java, is not used", () =>
  inTemp(async (temp) => {
    const start = () => {
      const env = { PATH: "/nowhere", KAFKA_HOME: temp };
      return localWay.start({ needs: new Set(["kafka"] as const), env, dataDir: undefined, say: () => {} });
    };
    await Deno.mkdir(join(temp, "libs"));
    const jar = join(temp, "libs", "kafka_2.13-3.9.1.jar");
    await Deno.writeTextFile(jar, "");
    const libs = join(temp, "libs");
    await assert.rejects(start(), new WayUnavailable(`${libs} has Kafka 3.9.1, older than 4`));
    await Deno.rename(jar, jar.replace("3.9.1", "4.4.0"));
    await assert.rejects(start(), new WayUnavailable("no java in PATH"));
  }));

async function startAndStop(env: Environment, dataDir?: string): Promise<void> {
  await using _backing = await startBacking({
    databases: ["iam"],
    stores: STORES,
    env,
    ...(dataDir && { dataDir }),
  });
}

/** Starts stores that last, checks that Redis is private, and finds its data again after a restart. */
async function startTwice(dataDir: string, env: Environment): Promise<void> {
  const start = () => startBacking({ databases: ["iam"], stores: STORES, env, dataDir });
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
    await dropBackingData(dataDir);
  }
  await assert.rejects(Deno.stat(await lastingFolder(dataDir)), Deno.errors.NotFound);
}

async function inTemp(test: (temp: string) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder();
  await test(folder.path);
}

function environment(temp: string): Environment {
  return { ...environmentFor("local"), TMPDIR: temp };
}

const HOMES = `rocket-factory-${Deno.uid()}`;

async function homesIn(temp: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(temp, HOMES)));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}

/** The processes of the only run that has a home in a folder. */
async function serverPids(temp: string): Promise<number[]> {
  const pids = ["postgres", "redis"].map((server) =>
    Deno.readTextFile(join(temp, HOMES, "0", server, "pid"))
  );
  return (await Promise.all(pids)).map(Number);
}

/** The session of a process: the sixth field of its `/proc` entry, the second being a name in brackets. */
async function sessionOf(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/stat`] }).output();
  return Number(new TextDecoder().decode(stdout).replace(/^.*\) /, "").split(" ")[3]);
}
