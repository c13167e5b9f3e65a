import assert from "node:assert/strict";
import { type Bound, boundByData, boundByEnvironment, startFirstPossible } from "./choose_way.ts";
import { BackingMisconfigured, BackingUnavailable, ServerFailed, WayUnavailable } from "./errors.ts";
import { temporaryFolder } from "./testing/own_servers.ts";
import type { StartedStores, StoreOrder, Way } from "./way.ts";

const NOTHING: StartedStores = {
  stores: new Map(),
  dataAt: "nowhere",
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

const ORDER: StoreOrder = {
  needs: new Set(["postgres", "redis"]),
  env: {},
  dataDir: undefined,
  say: () => {},
};

/** Ways of which some are possible, and a record of those that were tried. */
function fakeWays(possible: readonly Way["name"][]): { readonly ways: Way[]; readonly tried: Way["name"][] } {
  const tried: Way["name"][] = [];
  const ways = (["docker", "local", "apt"] as const).map((name) => ({
    name,
    start: () => {
      tried.push(name);
      if (possible.includes(name)) return Promise.resolve(NOTHING);
      return Promise.reject(new WayUnavailable(`no ${name} here`));
    },
  }));
  return { ways, tried };
}

interface Row {
  readonly possible: readonly Way["name"][];
  readonly to?: Bound["to"];
  readonly tried: readonly Way["name"][];
  readonly source: Bound["to"] | undefined;
}

const TABLE: readonly Row[] = [
  { possible: ["docker", "local", "apt"], tried: ["docker"], source: "docker" },
  { possible: ["local", "apt"], tried: ["docker", "local"], source: "local" },
  { possible: ["apt"], tried: ["docker", "local", "apt"], source: "local" },
  { possible: [], tried: ["docker", "local", "apt"], source: undefined },
  { to: "docker", possible: ["docker", "local"], tried: ["docker"], source: "docker" },
  { to: "docker", possible: ["local", "apt"], tried: ["docker"], source: undefined },
  { to: "local", possible: ["docker", "local"], tried: ["local"], source: "local" },
  { to: "local", possible: ["docker", "apt"], tried: ["local", "apt"], source: "local" },
  { to: "local", possible: ["docker"], tried: ["local", "apt"], source: undefined },
];

for (const { possible, to, tried: expected, source } of TABLE) {
  const where = `${possible.join(" and ") || "nothing"} possible${to ? `, bound to ${to}` : ""}`;
  Deno.test(`with ${where}, servers come from ${source ?? "nowhere"}`, async () => {
    const { ways, tried } = fakeWays(possible);
    const choice = startFirstPossible(ways, ["iam"], ORDER, to && { to, because: `BACKING is ${to}` });
    if (source) assert.equal((await choice).source, source);
    else await assert.rejects(choice, BackingUnavailable);
    assert.deepEqual(tried, expected);
  });
}

Deno.test("if no way is possible, one error lists all four and what each lacks", async () => {
  const choice = startFirstPossible(fakeWays([]).ways, ["iam", "order"], ORDER, undefined);
  await assert.rejects(choice, {
    message: [
      "no Postgres and no Redis available. Any one of these would do:",
      "  1. stores that the environment names: IAM_POSTGRES_URL, ORDER_POSTGRES_URL, IAM_REDIS_URL not set",
      "  2. containers of a Docker engine: no docker here",
      "  3. this machine's own programs: no local here",
      "  4. installing them by apt-get, as root on Debian or Ubuntu: no apt here",
    ].join("\n"),
  });
});

Deno.test("the error names the ways that were left out, and why", async () => {
  const bound: Bound = { to: "docker", because: "BACKING is docker" };
  const order = { ...ORDER, needs: new Set(["redis"] as const) };
  await assert.rejects(startFirstPossible(fakeWays([]).ways, ["iam"], order, bound), {
    message: [
      "no Redis available. Any one of these would do:",
      "  1. stores that the environment names: IAM_REDIS_URL not set",
      "  2. containers of a Docker engine: no docker here",
      "  3. this machine's own programs: left out, as BACKING is docker",
      "  4. installing them by apt-get, as root on Debian or Ubuntu: left out, as BACKING is docker",
    ].join("\n"),
  });
});

Deno.test("a store that fails to start is reported instead of trying the next way", async () => {
  const broken: Way = { name: "docker", start: () => Promise.reject(new ServerFailed("it fell over")) };
  const { ways, tried } = fakeWays(["local"]);
  await assert.rejects(startFirstPossible([broken, ...ways], ["iam"], ORDER, undefined), ServerFailed);
  assert.deepEqual(tried, []);
});

Deno.test("BACKING may be docker or local, and any other value is refused", () => {
  assert.equal(boundByEnvironment(undefined), undefined);
  assert.equal(boundByEnvironment(""), undefined);
  assert.equal(boundByEnvironment("docker")?.to, "docker");
  assert.equal(boundByEnvironment("local")?.to, "local");
  assert.throws(() => boundByEnvironment("podman"), BackingMisconfigured);
  assert.throws(() => boundByEnvironment("Docker"), BackingMisconfigured);
});

Deno.test("kept data decide the way, unless there are some of both", async () => {
  await using folder = await temporaryFolder();
  const dataDir = folder.path;
  assert.equal(await boundByData(dataDir), undefined);
  await Deno.mkdir(`${dataDir}/local`);
  assert.equal((await boundByData(dataDir))?.to, "local");
  await Deno.writeTextFile(`${dataDir}/docker.json`, "{}");
  assert.equal(await boundByData(dataDir), undefined);
  await Deno.remove(`${dataDir}/local`);
  assert.equal((await boundByData(dataDir))?.to, "docker");
});
