import assert from "node:assert/strict";
import { captureLog } from "../testing/captured_log.ts";
import { eventually } from "../testing/eventually.ts";
import { repeat } from "./repeat.ts";

const HOUR_MS = 3_600_000;

/** Starts work whose runs and pauses end when the test ends them. */
function setUp() {
  const captured = captureLog();
  const runs: PromiseWithResolvers<void>[] = [];
  const pauses: (PromiseWithResolvers<void> & { readonly ms: number })[] = [];
  const signals: AbortSignal[] = [];
  const repeating = repeat({
    name: "sweep",
    everyMs: 5_000,
    run(closing) {
      signals.push(closing);
      const run = Promise.withResolvers<void>();
      runs.push(run);
      return run.promise;
    },
    log: captured.log,
    pause(ms, closing) {
      const pause = Promise.withResolvers<void>();
      closing.addEventListener("abort", () => pause.resolve());
      if (closing.aborted) pause.resolve();
      pauses.push({ ...pause, ms });
      return pause.promise;
    },
  });
  return { captured, runs, pauses, signals, repeating };
}

Deno.test("work runs at once and again after each pause, one run at a time", async () => {
  const { runs, pauses, repeating } = setUp();
  for (let number = 0; number < 3; number++) {
    await eventually(() => assert.equal(runs.length, number + 1));
    assert.equal(pauses.length, number);
    runs[number]?.resolve();
    await eventually(() => assert.equal(pauses.length, number + 1));
    assert.equal(runs.length, number + 1);
    assert.equal(pauses[number]?.ms, 5_000);
    pauses[number]?.resolve();
  }
  await eventually(() => assert.equal(runs.length, 4));
  runs[3]?.resolve();
  await repeating[Symbol.asyncDispose]();
});

Deno.test("a run that fails is logged with the work's name, and the next one follows", async () => {
  const { captured, runs, pauses, repeating } = setUp();
  runs[0]?.reject(new Error("the store is down"));
  await eventually(() => assert.equal(pauses.length, 1));
  assert.equal(pauses[0]?.ms, 5_000);
  const logged = captured.lines.map(({ level, msg, work, err }) => ({
    level,
    msg,
    work,
    err: messageOf(err),
  }));
  assert.deepEqual(logged, [
    { level: "warn", msg: "background work failed", work: "sweep", err: "the store is down" },
  ]);
  pauses[0]?.resolve();
  await eventually(() => assert.equal(runs.length, 2));
  runs[1]?.resolve();
  await repeating[Symbol.asyncDispose]();
  assert.equal(captured.lines.length, 1);
});

Deno.test("work that throws synchronously fails like any other", async () => {
  const captured = captureLog();
  const run = () => {
    throw new TypeError("no promise");
  };
  await using _repeating = repeat({ name: "sweep", everyMs: HOUR_MS, run, log: captured.log });
  await eventually(() => assert.equal(captured.lines[0]?.["msg"], "background work failed"));
});

Deno.test("closing signals the current run, waits for it, and starts no further one", async () => {
  const { captured, runs, signals, repeating } = setUp();
  assert.equal(signals[0]?.aborted, false);
  let isClosed = false;
  const closing = (async () => {
    await repeating[Symbol.asyncDispose]();
    isClosed = true;
  })();
  assert.equal(signals[0]?.aborted, true);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(isClosed, false);
  runs[0]?.reject(new Error("cut short"));
  await closing;
  assert.equal(runs.length, 1);
  assert.equal(captured.lines.length, 1);
});

Deno.test("closing ends the pause at once, leaves no timer, and may be repeated", async () => {
  let runs = 0;
  const run = () => Promise.resolve(void runs++);
  const repeating = repeat({ name: "sweep", everyMs: HOUR_MS, run, log: captureLog().log });
  // The run ends within a few microtasks, and then pauses.
  await new Promise((resolve) => setTimeout(resolve));
  await repeating[Symbol.asyncDispose]();
  await repeating[Symbol.asyncDispose]();
  assert.equal(runs, 1);
});

Deno.test("real pauses last as long as configured", async () => {
  const starts: number[] = [];
  const run = () => Promise.resolve(void starts.push(performance.now()));
  {
    await using _repeating = repeat({ name: "sweep", everyMs: 20, run, log: captureLog().log });
    await eventually(() => assert.ok(starts.length >= 4));
  }
  const [first = 0, , , fourth = 0] = starts;
  assert.ok(fourth - first >= 57, `${fourth - first} ms`);
});

function messageOf(err: unknown): unknown {
  return typeof err === "object" && err !== null && "message" in err ? err.message : undefined;
}
