import assert from "node:assert/strict";
import { BackingMisconfigured, NotOurServer } from "./errors.ts";
import { STORE_NAMES } from "./stores.ts";
import { checkNamedServers, readNamedServers, untouchable } from "./named.ts";

const IAM_POSTGRES_URL = "postgres://somebody:secret@127.0.0.1:1/iam";
const ORDER_POSTGRES_URL = "postgres://somebody:secret@127.0.0.1:1/order";
const IAM_REDIS_URL = "redis://:secret@127.0.0.1:1";
const KAFKA_BROKERS = "127.0.0.1:1";

const NOTHING = { IAM_POSTGRES_URL: "", ORDER_POSTGRES_URL: "", IAM_REDIS_URL: "", KAFKA_BROKERS: "" };
const TABLE = [
  { env: {}, needs: ["postgres", "redis", "kafka"] },
  { env: NOTHING, needs: ["postgres", "redis", "kafka"] },
  { env: { IAM_POSTGRES_URL, ORDER_POSTGRES_URL }, needs: ["redis", "kafka"] },
  { env: { IAM_REDIS_URL }, needs: ["postgres", "kafka"] },
  { env: { KAFKA_BROKERS }, needs: ["postgres", "redis"] },
  { env: { IAM_POSTGRES_URL, ORDER_POSTGRES_URL, IAM_REDIS_URL, KAFKA_BROKERS }, needs: [] },
];

for (const { env, needs } of TABLE) {
  const named = Object.entries(env).map(([name, url]) => url === "" ? `an empty ${name}` : name);
  Deno.test(`with ${named.join(" and ") || "nothing"} named, we start ${needs.join(" and ") || "nothing"}`, () => {
    assert.deepEqual([...readNamedServers(["iam", "order"], env, STORE_NAMES).needs], needs);
  });
}

Deno.test("a store may be named by a file that holds its URL", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, `${IAM_REDIS_URL}\n`);
    const { redisUrl, needs } = readNamedServers(["iam"], { IAM_REDIS_URL_FILE: file }, STORE_NAMES);
    assert.equal(redisUrl, IAM_REDIS_URL);
    assert.deepEqual([...needs], ["postgres", "kafka"]);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("naming Postgres for some databases only is refused, and the missing variable is named", () => {
  assert.throws(() => readNamedServers(["iam", "order"], { IAM_POSTGRES_URL }, STORE_NAMES), (error) => {
    assert(error instanceof BackingMisconfigured);
    assert.match(error.message, /ORDER_POSTGRES_URL/);
    return true;
  });
});

for (
  const env of [
    { IAM_POSTGRES_URL },
    { IAM_REDIS_URL },
    { IAM_REDIS_URL: IAM_REDIS_URL.replace("redis:", "redis+cluster:") },
    { IAM_REDIS_URL: `${IAM_REDIS_URL.replace("redis:", "redis+sentinel:")}/name` },
    { KAFKA_BROKERS, KAFKA_SASL: "plain:somebody:secret" },
  ]
) {
  const [[variable, url] = ["", ""]] = Object.entries(env);
  Deno.test(`${variable} (${url.split(":")[0]}) that leads nowhere is named, without its password`, async () => {
    await assert.rejects(checkNamedServers(readNamedServers(["iam"], env, STORE_NAMES)), (error) => {
      assert(error instanceof BackingMisconfigured);
      assert.match(error.message, new RegExp(variable));
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });
}

Deno.test("a store that the environment names can't be stopped, started, killed, paused or resumed", async () => {
  const server = untouchable("Postgres");
  for (const action of ["stop", "start", "kill", "pause", "resume"] as const) {
    await assert.rejects(server[action](), new NotOurServer("Postgres", action));
  }
});
