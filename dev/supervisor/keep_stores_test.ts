import { createLogger } from "@rocket/platform/log";
import { eventually } from "@rocket/platform/testing/eventually";
import assert from "node:assert/strict";
import type { BackingServer, StoreName } from "../backing/backing.ts";
import { keepStores } from "./keep_stores.ts";

Deno.test("a store that has died is started again, and both are logged", async () => {
  const { said, postgres, redis, keep } = setUp();
  redis.runs = false;
  await using _keeping = keep(["postgres", "redis"]);
  await eventually(() => assert.equal(said.length, 2));
  assert.deepEqual(said, ["a store has died, starting it again: redis", "the store is back: redis"]);
  assert.deepEqual([postgres.starts, redis.starts], [0, 1]);
});

Deno.test("a store that is not ours is left alone", async () => {
  const { said, redis, postgres, keep } = setUp();
  redis.runs = false;
  postgres.runs = false;
  await using _keeping = keep(["postgres"]);
  await eventually(() => assert.equal(said.length, 2));
  assert.deepEqual([postgres.starts, redis.starts], [1, 0]);
});

function setUp() {
  const said: string[] = [];
  const write = (line: string) => {
    const { msg, store } = JSON.parse(line);
    said.push(`${msg}: ${store}`);
  };
  const log = createLogger({ service: "dev", level: "info", format: "json" }, { write });
  const [postgres, redis, kafka] = [new FakeStore(), new FakeStore(), new FakeStore()];
  const keep = (ours: readonly StoreName[]) => keepStores({ postgres, redis, kafka }, new Set(ours), log);
  return { said, postgres, redis, keep };
}

class FakeStore implements BackingServer {
  runs = true;
  starts = 0;
  isRunning = () => Promise.resolve(this.runs);
  start(): Promise<void> {
    this.runs = true;
    this.starts++;
    return Promise.resolve();
  }
  stop = notExpected;
  kill = notExpected;
  pause = notExpected;
  resume = notExpected;
}

function notExpected(): Promise<never> {
  return Promise.reject(new Error("not expected"));
}
