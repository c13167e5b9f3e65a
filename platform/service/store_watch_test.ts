import assert from "node:assert/strict";
import { captureLog } from "../testing/captured_log.ts";
import { eventually } from "../testing/eventually.ts";
import { watchStores } from "./store_watch.ts";

/** Builds a watch of a store that can be taken down, and records its reports. */
function setUp() {
  const captured = captureLog();
  const reports: string[] = [];
  const report = (isReady: boolean) => void reports.push(isReady ? "serving" : "not serving");
  const store = { isUp: true };
  const probes = {
    postgres: () => store.isUp ? Promise.resolve() : Promise.reject(new Error("disk full")),
    redis: () => Promise.resolve(),
  };
  return { captured, reports, store, watch: () => watchStores(probes, report, captured.log) };
}

Deno.test("readiness follows the stores within 2 s, and the log has each change once, with its cause", async () => {
  const { captured, reports, store, watch } = setUp();
  {
    using _watching = watch();
    await eventually(() => assert.equal(reports.at(-1), "serving"));
    store.isUp = false;
    await eventually(() => assert.equal(reports.at(-1), "not serving"), 2_500);
    store.isUp = true;
    await eventually(() => assert.equal(reports.at(-1), "serving"), 2_500);
  }
  assert.equal(reports.at(-1), "not serving");
  assert.deepEqual(captured.lines.map(({ level, msg, down, causes }) => [level, msg, down, causes]), [
    ["warn", "stores do not answer", "postgres", ["disk full"]],
    ["info", "stores answer again", undefined, undefined],
  ]);
});

Deno.test("a watch disposed during a probe reports nothing more, and leaves no timer", async () => {
  const reports: string[] = [];
  const { promise: answer, resolve } = Promise.withResolvers<void>();
  const report = (isReady: boolean) => void reports.push(isReady ? "serving" : "not serving");
  const watching = watchStores({ redis: () => answer }, report, captureLog().log);
  watching[Symbol.dispose]();
  resolve();
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(reports, ["not serving"]);
});
