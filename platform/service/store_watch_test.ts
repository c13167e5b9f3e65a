import assert from "node:assert/strict";
import { captureLog } from "../testing/captured_log.ts";
import { eventually } from "../testing/eventually.ts";
import { watchStores } from "./store_watch.ts";

/** A store that can be taken down, and what a listener hears of it. */
function setUp() {
  const captured = captureLog();
  const heard: string[] = [];
  const report = (isReady: boolean) => void heard.push(isReady ? "serving" : "not serving");
  const store = { isUp: true };
  const probes = {
    postgres: () => store.isUp ? Promise.resolve() : Promise.reject(new Error("down")),
    redis: () => Promise.resolve(),
  };
  return { captured, heard, store, watch: () => watchStores(probes, report, captured.log) };
}

Deno.test("the listener follows the stores: down within 2 s, up again within 2 s; the log tells each once", async () => {
  const { captured, heard, store, watch } = setUp();
  {
    using _watching = watch();
    await eventually(() => assert.equal(heard.at(-1), "serving"));
    store.isUp = false;
    await eventually(() => assert.equal(heard.at(-1), "not serving"), 2_500);
    store.isUp = true;
    await eventually(() => assert.equal(heard.at(-1), "serving"), 2_500);
  }
  assert.equal(heard.at(-1), "not serving");
  assert.deepEqual(captured.lines.map(({ level, msg, down }) => [level, msg, down]), [
    ["warn", "stores do not answer", "postgres"],
    ["info", "stores answer again", undefined],
  ]);
});

Deno.test("a watch that ends while it asks says nothing more, and leaves no timer", async () => {
  const heard: string[] = [];
  const { promise: answer, resolve } = Promise.withResolvers<void>();
  const report = (isReady: boolean) => void heard.push(isReady ? "serving" : "not serving");
  const watching = watchStores({ redis: () => answer }, report, captureLog().log);
  watching[Symbol.dispose]();
  resolve();
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(heard, ["not serving"]);
});
