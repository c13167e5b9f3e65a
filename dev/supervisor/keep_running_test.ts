import assert from "node:assert/strict";
import { createLogger } from "@rocket/platform/log";
import { CannotStart, keepRunning, type KeptService, nextPauseMs } from "./keep_running.ts";
import type { ServiceEnd, ServiceProcess } from "./service_process.ts";

/** A process that does what the test says. */
class FakeProcess implements ServiceProcess {
  readonly #ready = Promise.withResolvers<string>();
  readonly #ended = Promise.withResolvers<ServiceEnd>();
  readonly ready = this.#ready.promise;
  readonly ended = this.#ended.promise;

  becomeReady(): void {
    this.#ready.resolve("127.0.0.1:1");
  }

  die(how: string, lastWords = ""): void {
    this.#ended.resolve({ how, lastWords });
  }

  stop(): void {
    this.die("SIGTERM");
  }

  kill(): void {
    this.die("SIGKILL");
  }
}

/** Keeps a service running whose processes are given to the test as they start. */
function keep() {
  const waiting: ((process: FakeProcess) => void)[] = [];
  const started: FakeProcess[] = [];
  const logged: Record<string, unknown>[] = [];
  const start = () => {
    const process = new FakeProcess();
    const next = waiting.shift();
    if (next) next(process);
    else started.push(process);
    return Promise.resolve(process);
  };
  const nextStart = () =>
    new Promise<FakeProcess>((resolve) => {
      const process = started.shift();
      if (process) resolve(process);
      else waiting.push(resolve);
    });
  const stream = { write: (line: string) => void logged.push(JSON.parse(line)) };
  const log = createLogger({ service: "dev", level: "info", format: "json" }, stream);
  const service = keepRunning({ name: "iam", start, lines: { write: () => {} }, log });
  return { service, logged, nextStart };
}

async function stop(service: KeptService, process: FakeProcess): Promise<void> {
  const stopped = service.stop();
  process.stop();
  await stopped;
}

Deno.test("a service that ends before it was ready is not started again, and its last output is reported", async () => {
  const { service, logged, nextStart } = keep();
  (await nextStart()).die("exit code 1", "can't listen on 127.0.0.1:1");
  await assert.rejects(service.firstReady, (error) => {
    assert.ok(error instanceof CannotStart);
    assert.equal(error.message, "iam could not start: can't listen on 127.0.0.1:1");
    return true;
  });
  await service.stop();
  assert.deepEqual(logged, []);
});

Deno.test("a service that ends without output is reported by how it ended", async () => {
  const { service, nextStart } = keep();
  (await nextStart()).die("SIGKILL");
  await assert.rejects(service.firstReady, /^CannotStart: iam could not start: SIGKILL$/);
});

Deno.test("a service that dies after it was ready is logged and started again", async () => {
  const { service, logged, nextStart } = keep();
  const first = await nextStart();
  first.becomeReady();
  assert.equal(await service.firstReady, "127.0.0.1:1");
  first.die("SIGSEGV");
  const second = await nextStart();
  const { died, how, pause_ms } = logged[0] ?? {};
  assert.deepEqual({ died, how, pause_ms }, { died: "iam", how: "SIGSEGV", pause_ms: 500 });
  await stop(service, second);
});

Deno.test("a service that dies again waits longer each time", async () => {
  const { service, logged, nextStart } = keep();
  for (const deaths of [1, 2]) {
    const process = await nextStart();
    process.becomeReady();
    await service.firstReady;
    process.die("SIGSEGV");
    while (logged.length < deaths) await new Promise((resolve) => setTimeout(resolve));
  }
  assert.deepEqual(logged.map(({ pause_ms }) => pause_ms), [500, 1_000]);
  await service.stop();
});

Deno.test("a change restarts the service at once, without logging a death", async () => {
  const { service, logged, nextStart } = keep();
  const first = await nextStart();
  first.becomeReady();
  await service.firstReady;
  service.restart();
  await stop(service, await nextStart());
  assert.deepEqual(logged, []);
});

Deno.test("a service that a change has broken waits for the next change", async () => {
  const { service, logged, nextStart } = keep();
  const first = await nextStart();
  first.becomeReady();
  await service.firstReady;
  service.restart();
  (await nextStart()).die("exit code 1", "SyntaxError");
  // Were there a pause instead, this would come too early for it.
  while (logged.length === 0) await new Promise((resolve) => setTimeout(resolve));
  assert.match(String(logged[0]?.["msg"]), /waiting for the next change/);
  service.restart();
  await stop(service, await nextStart());
});

Deno.test("a service that waits to be started again can be stopped", async () => {
  const { service, logged, nextStart } = keep();
  const first = await nextStart();
  first.becomeReady();
  await service.firstReady;
  first.die("SIGKILL");
  while (logged.length === 0) await new Promise((resolve) => setTimeout(resolve));
  await service.stop();
});

Deno.test("a service that keeps dying waits longer each time, but never longer than half a minute", () => {
  const pauses: number[] = [];
  for (let death = 0; death < 8; death++) pauses.push(nextPauseMs(pauses.at(-1), 100));
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

Deno.test("a service that was healthy for a while is restarted soon", () => {
  assert.equal(nextPauseMs(30_000, 10_000), 500);
});
