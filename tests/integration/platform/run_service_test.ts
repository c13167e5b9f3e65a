import assert from "node:assert/strict";
import { startProcess, type TestProcess } from "../../support/process.ts";

const PROGRAM = new URL("programs/service.ts", import.meta.url).href;

function run(...args: readonly string[]): TestProcess {
  const flags = ["--allow-net", "--allow-env", "--allow-sys=hostname,uid", "--allow-read"];
  return startProcess(Deno.execPath(), ["run", "--quiet", ...flags, PROGRAM, ...args]);
}

async function port(service: TestProcess): Promise<string> {
  const [, port = ""] = await service.waitForLine(/"port":(\d+),"msg":"ready"/);
  return port;
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`${signal} ends a service with exit code 0 once work in progress is done`, async () => {
    await using service = run("runs normally");
    const answer = fetch(`http://127.0.0.1:${await port(service)}/`);
    await service.waitForLine(/request received/);
    service.kill(signal);
    assert.equal(await (await answer).text(), "done");
    assert.equal((await service.waitForExit()).code, 0);
    assert.match(
      service.output.join("\n"),
      new RegExp(`"signal":"${signal}","msg":"stopping"[^]*"msg":"stopped"`),
    );
  });
}

Deno.test("a second signal does not interrupt work in progress", async () => {
  await using service = run("runs normally");
  const answer = fetch(`http://127.0.0.1:${await port(service)}/`);
  await service.waitForLine(/request received/);
  service.kill("SIGINT");
  await service.waitForLine(/stopping/);
  service.kill("SIGTERM");
  assert.equal(await (await answer).text(), "done");
  assert.equal((await service.waitForExit()).code, 0);
});

Deno.test("a signal during the start ends it at once, with exit code 0", async () => {
  await using service = run("never starts");
  await service.waitForLine(/starting/);
  service.kill("SIGTERM");
  assert.equal((await service.waitForExit()).code, 0);
});

Deno.test("an invalid configuration is reported in one message without a stack, with exit code 1", async () => {
  await using service = run("lacks its configuration");
  assert.equal((await service.waitForExit()).code, 1);
  assert.deepEqual(service.output, [
    "the configuration is not usable:",
    "  IAM_POSTGRES_URL is missing: must be a URL of the form postgres://user:password@host:port/database",
  ]);
});

Deno.test("a taken port is reported in one line, with exit code 1", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using service = run("finds its port taken", String(taken.addr.port));
  assert.equal((await service.waitForExit()).code, 1);
  const [line, ...others] = service.output;
  assert.match(
    line ?? "",
    new RegExp(`^can't listen on 127\\.0\\.0\\.1:${taken.addr.port}: another process has the port$`),
  );
  assert.deepEqual(others, []);
});

Deno.test("an unexpected error at start is printed with stack and causes, but without its other properties", async () => {
  await using service = run("faults at start");
  assert.equal((await service.waitForExit()).code, 1);
  const output = service.output.join("\n");
  assert.match(output, /^TypeError: outer\n +at start [^]*\ncaused by Error: inner\n +at start /);
  assert.ok(!output.includes("hunter2"));
});

for (const scenario of ["rejects while running", "throws while running"]) {
  Deno.test(`a service that ${scenario} exits with code 1, and reports it only in its log`, async () => {
    await using service = run(scenario);
    const answer = fetch(`http://127.0.0.1:${await port(service)}/`).catch((error) => error);
    assert.equal((await service.waitForExit()).code, 1);
    await answer;
    const last = JSON.parse(service.output.at(-1) ?? "");
    assert.deepEqual([last.level, last.err.message], ["fatal", "uncaught"]);
    assert.ok(!service.output.join("\n").includes("hunter2"));
    for (const line of service.output) assert.doesNotThrow(() => JSON.parse(line));
  });
}

Deno.test("a stop that fails ends the service with exit code 1 and the reason", async () => {
  await using service = run("fails to stop");
  await port(service);
  service.kill("SIGTERM");
  assert.equal((await service.waitForExit()).code, 1);
  assert.match(service.output.at(-1) ?? "", /"message":"stuck"/);
});

Deno.test("a stop that hangs is abandoned after its timeout, with exit code 1", async () => {
  await using service = run("never stops");
  await port(service);
  service.kill("SIGTERM");
  assert.equal((await service.waitForExit()).code, 1);
  assert.match(service.output.at(-1) ?? "", /stopping took too long/);
});
