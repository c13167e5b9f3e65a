import assert from "node:assert/strict";
import { BURST_MS, createLoadShedder, type WorkPlace } from "./load_shedder.ts";

const PLACES = { inFlight: 2, waiting: 8 };

/** A shedder on a clock that the test moves, with requests that note how they fared. */
function setUp() {
  let now = 0;
  const timers: { readonly at: number; readonly run: () => void }[] = [];
  const shedder = createLoadShedder(
    { "session check": PLACES, read: PLACES, write: PLACES, hash: PLACES },
    { now: () => now, after: (ms, run) => void timers.push({ at: now + ms, run }) },
  );
  return {
    shedder,
    /** Lets time pass, and with it the timers that are due. */
    async pass(ms: number) {
      const end = now + ms;
      while (timers[0] !== undefined && timers[0].at <= end) {
        const { at, run } = timers.shift() ?? assert.fail();
        now = at;
        run();
      }
      now = end;
      await Promise.resolve();
    },
    /** Asks for a place for reading, with a patience that does not end. */
    ask(patienceMs = Infinity) {
      const request = { state: "waiting", place: undefined as WorkPlace | undefined };
      const settle = (place: WorkPlace | undefined) =>
        Object.assign(request, { place, state: place === undefined ? "refused" : "working" });
      const place = shedder.enter("read", patienceMs);
      if (place instanceof Promise) void place.then(settle);
      else settle(place);
      return request;
    },
  };
}

/** Lets requests wait for more than a second, always one of them, though each is let in after a while. */
async function overload({ ask, pass }: Pick<ReturnType<typeof setUp>, "ask" | "pass">) {
  const all = [ask(), ask(), ask()];
  for (let ms = 0; ms <= BURST_MS; ms += 10) {
    all.push(ask());
    const done = all.findIndex(({ state }) => state === "working");
    all.splice(done, 1)[0]?.place?.leave();
    await pass(10);
  }
}

Deno.test("a request waits for a place, in its turn, and one too many is refused at once", async () => {
  const { ask, pass } = setUp();
  const requests = Array.from({ length: 11 }, () => ask());
  const states = () => requests.map(({ state }) => state);
  assert.deepEqual(states(), ["working", "working", ...Array(8).fill("waiting"), "refused"]);
  requests[1]?.place?.leave();
  requests[1]?.place?.leave();
  await pass(0);
  assert.deepEqual(states(), ["working", "working", "working", ...Array(7).fill("waiting"), "refused"]);
});

Deno.test("the excess of one kind takes no place of another", () => {
  const { ask, shedder } = setUp();
  for (let count = 0; count < 11; count++) ask();
  assert.ok(!(shedder.enter("session check", Infinity) instanceof Promise));
  assert.ok(shedder.enter("session check", Infinity) !== undefined);
});

Deno.test("in a burst, a request may wait for a second", async () => {
  const { ask, pass } = setUp();
  const working = [ask(), ask()];
  const waiting = ask();
  await pass(BURST_MS - 10);
  assert.equal(waiting.state, "waiting");
  working[0]?.place?.leave();
  await pass(0);
  assert.equal(waiting.state, "working");
});

Deno.test("once requests have waited without a pause for a second, one that comes is refused at once", async () => {
  const { ask, pass } = setUp();
  await overload({ ask, pass });
  assert.equal(ask().state, "refused");
});

Deno.test("a request that waits when overload begins may wait for its second", async () => {
  const { ask, pass } = setUp();
  const working = [ask(), ask()];
  const first = ask();
  await pass(BURST_MS / 2);
  const second = ask();
  await pass(BURST_MS / 2);
  assert.deepEqual([first.state, second.state], ["refused", "waiting"]);
  working.pop()?.place?.leave();
  await pass(0);
  assert.equal(second.state, "working");
});

Deno.test("under overload, a request gets a place that is free", async () => {
  const { ask, pass } = setUp();
  const [working] = [ask(), ask(), ask()];
  await pass(BURST_MS);
  assert.equal(ask().state, "refused");
  working?.place?.leave();
  assert.equal(ask().state, "working");
});

Deno.test("overload ends once no request was refused for a second", async () => {
  const { ask, pass } = setUp();
  for (let count = 0; count < 3; count++) ask();
  await pass(BURST_MS);
  await pass(BURST_MS - 10);
  assert.equal(ask().state, "refused");
  await pass(BURST_MS - 10);
  assert.equal(ask().state, "refused");
  await pass(BURST_MS);
  assert.equal(ask().state, "waiting");
});

Deno.test("no request waits longer than its patience", async () => {
  const { ask, pass } = setUp();
  for (let count = 0; count < 2; count++) ask();
  const hasty = ask(30);
  await pass(35);
  assert.equal(hasty.state, "refused");
});

Deno.test("a request that waits for its client leaves its place to another, and takes one again after it", async () => {
  const { ask, pass } = setUp();
  const [slow] = [ask(), ask()];
  const next = ask();
  slow?.place?.pause();
  await pass(0);
  assert.equal(next.state, "working");
  slow?.place?.resume();
  next.place?.leave();
  assert.equal(ask().state, "waiting", "the slow one has its place again");
  slow?.place?.leave();
  slow?.place?.resume();
  await pass(0);
  assert.equal(ask().state, "waiting");
});
