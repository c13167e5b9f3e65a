import { SERVICE_NAMES, type ServiceName } from "@rocket/dev";
import { Redis } from "ioredis";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import {
  createDevSandbox,
  type DevSandbox,
  type PrintedSession,
  SUMMARY_END,
} from "../support/dev_sandbox.ts";
import { HAS_IPV6 } from "../support/service_ports.ts";
import { copyWorkspace } from "../support/workspace_copy.ts";

/** Limit for a start or a stop on a machine that is busy with other suites, in milliseconds. */
const TIMEOUT_MS = 60_000;

Deno.test("dev across several runs", async (t) => {
  await using sandbox = await createDevSandbox();
  let session: PrintedSession;
  let orderUuid: string;
  let serviceToken: string | undefined;
  await using firstRun = await sandbox.startAndWait();

  await t.step("the summary names every service's address, and the command for a first session", async () => {
    const summary = (await firstRun.linesUntil(SUMMARY_END)).join("\n");
    const port = sandbox.port.bind(sandbox);
    assert.match(summary, new RegExp(`order +http://127\\.0\\.0\\.1:${port("ORDER_HTTP_PORT")}$`, "m"));
    assert.match(
      summary,
      new RegExp(
        `iam +127\\.0\\.0\\.1:${port("IAM_GRPC_PORT")} .*http://127\\.0\\.0\\.1:${port("IAM_HTTP_PORT")}$`,
        "m",
      ),
    );
    assert.match(summary, new RegExp(`inventory +127\\.0\\.0\\.1:${port("INVENTORY_GRPC_PORT")} `));
    assert.match(summary, new RegExp(`payment +127\\.0\\.0\\.1:${port("PAYMENT_GRPC_PORT")} `));
    assert.match(summary, /npx -y deno@\S+ task session$/m);
  });

  await t.step("the curl line of the session command places an order", async () => {
    session = await sandbox.openSession();
    const answer = await sendAsCurlWould(session);
    assert.equal(answer.status, 201);
    orderUuid = (await answer.json()).order_uuid;
  });

  await t.step({
    name: "the services share a token that was made at the start",
    ignore: Deno.build.os !== "linux",
    async fn() {
      const services = ["inventory", "payment", "order"] as const;
      const tokens = await Promise.all(
        services.map(async (name) => (await sandbox.variablesOf(name))["SERVICE_TOKEN"]),
      );
      assert.match(tokens[0] ?? "", /^[A-Za-z0-9_-]{43}$/);
      assert.equal(new Set(tokens).size, 1);
      serviceToken = tokens[0];
    },
  });

  await t.step({
    name:
      "no service has another service's store passwords, or other variables of the shell, in its environment",
    ignore: Deno.build.os !== "linux",
    async fn() {
      assert.ok((await sandbox.variablesOf("iam"))["IAM_POSTGRES_URL"]?.startsWith("postgres://"));
      const runtime =
        /^(?:DENO_CERT|DENO_DIR|DENO_TLS_CA_STORE|LD_LIBRARY_PATH|HOME|LANG|NO_COLOR|PATH|TMPDIR|TZ|XDG_CACHE_HOME)$/;
      const names = Object.keys(await sandbox.variablesOf("payment")).filter((name) => !runtime.test(name));
      assert.ok(names.includes("SERVICE_TOKEN"));
      for (const name of names) {
        assert.match(
          name,
          /^(?:PAYMENT_.*|IAM_GRPC_TARGET|LOG_.*|GRPC_REFLECTION|SERVICE_TOKEN|SHUTDOWN_.*)$/,
        );
      }
    },
  });

  await t.step(
    "a second dev on the same data names the process that holds them, and leaves it alone",
    async () => {
      await using second = await sandbox.start();
      assert.equal((await second.waitForExit(TIMEOUT_MS)).code, 1);
      assert.match(second.output.at(-1) ?? "", new RegExp(`is in use by process ${firstRun.pid}`));
      assert.equal((await readOrder(sandbox, session.sessionUuid, orderUuid)).status, 200);
    },
  );

  await t.step("Ctrl-C stops everything", async () => {
    firstRun.kill("SIGINT");
    assert.equal((await firstRun.waitForExit(TIMEOUT_MS)).code, 0);
    await assertNothingIsLeft(sandbox);
  });

  await t.step(
    "every log line is JSON that names its service, and none shows the session or the token",
    () => {
      const services = new Set(firstRun.stdout.map(serviceOf));
      assert.deepEqual([...services].sort(), ["dev", ...SERVICE_NAMES].sort());
      const log = firstRun.output.join("\n");
      assert.ok(!log.includes(session.sessionUuid));
      assert.ok(serviceToken === undefined || !log.includes(serviceToken));
    },
  );

  await t.step(
    "the next start has the earlier user and order, and stops when the terminal closes",
    async () => {
      await using secondRun = await sandbox.startAndWait();
      const sessionUuid = await sandbox.logIn(session.login, session.password);
      const answer = await readOrder(sandbox, sessionUuid, orderUuid);
      assert.equal(answer.status, 200);
      assert.equal((await answer.json()).order_uuid, orderUuid);
      secondRun.kill("SIGHUP");
      assert.equal((await secondRun.waitForExit(TIMEOUT_MS)).code, 0);
      await assertNothingIsLeft(sandbox);
    },
  );

  await t.step(
    "a fresh start deletes them; asked to stop twice, dev kills even a service that hangs",
    async () => {
      await using freshStart = await sandbox.startAndWait("--fresh");
      await assert.rejects(sandbox.logIn(session.login, session.password), /UNAUTHENTICATED/);
      Deno.kill(await runningPid(sandbox, "inventory"), "SIGSTOP");
      await eventually(() => {
        if (freshStart.isRunning) freshStart.kill("SIGINT");
        assert.equal(freshStart.isRunning, false);
      });
      assert.equal((await freshStart.waitForExit()).code, 1);
      await assertNothingIsLeft(sandbox);
    },
  );
});

Deno.test("dev while the code and the services change", async (t) => {
  await using copy = await copyWorkspace();
  await using sandbox = await createDevSandbox(copy.root);
  await using run = await sandbox.startAndWait();
  const login = new URL("iam/service/login.ts", copy.root);
  const code = await Deno.readTextFile(login);

  await t.step({
    name: "a store that dies is logged and started again",
    // The URL of Redis is read from a process's environment.
    ignore: Deno.build.os !== "linux",
    async fn() {
      await shutDownRedis((await sandbox.variablesOf("iam"))["IAM_REDIS_URL"] ?? "");
      await run.waitForLine(/"store":"redis".*"a store has died, starting it again"/);
      await run.waitForLine(/"store":"redis".*"the store is back"/, TIMEOUT_MS);
    },
  });

  await t.step("a service that is killed is logged and started again", async () => {
    Deno.kill(await runningPid(sandbox, "inventory"), "SIGKILL");
    await run.waitForLine(/"died":"inventory","how":"SIGKILL","pause_ms":500/);
    await run.waitForLine(/"service":"inventory".*"msg":"ready"/, TIMEOUT_MS);
    const answer = await sendAsCurlWould(await sandbox.openSession());
    assert.equal(answer.status, 201);
    await answer.body?.cancel();
  });

  await t.step("a change restarts only the service that it belongs to", async () => {
    const before = [await runningPid(sandbox, "inventory"), await runningPid(sandbox, "order")];
    await Deno.writeTextFile(new URL("iam/service/login.ts.tmp", copy.root), "an editor's draft");
    await Deno.writeTextFile(login, `${code}\n// A change.\n`);
    await run.waitForLine(/"path":"iam\/service\/login.ts","services":\["iam"\]/);
    await run.waitForLine(/"service":"iam".*"msg":"ready"/, TIMEOUT_MS);
    assert.deepEqual([await runningPid(sandbox, "inventory"), await runningPid(sandbox, "order")], before);
  });

  await t.step("a change that breaks a service is logged, and the next change restarts it", async () => {
    await Deno.writeTextFile(login, "const broken = ;");
    await run.waitForLine(/"service":"iam".*SyntaxError/, TIMEOUT_MS);
    await run.waitForLine(/"died":"iam".*waiting for the next change/, TIMEOUT_MS);
    await Deno.writeTextFile(login, code);
    await run.waitForLine(/"service":"iam".*"msg":"ready"/, TIMEOUT_MS);
  });

  await t.step({
    name: "if dev is killed, its services end too",
    ignore: Deno.build.os !== "linux",
    async fn() {
      run.kill("SIGKILL");
      await run.waitForExit();
      await eventually(() => assertNothingIsLeft(sandbox));
    },
  });
});

Deno.test("an order can be placed if services listen on localhost and on IPv6 addresses", async () => {
  const hosts = { IAM_GRPC_HOST: "localhost", PAYMENT_GRPC_HOST: "0.0.0.0", PLAINTEXT: "allow" };
  const ipv6 = { INVENTORY_GRPC_HOST: "::1", ORDER_HTTP_HOST: "::1" };
  const sandbox = await createDevSandbox(undefined, { ...hosts, ...(HAS_IPV6 ? ipv6 : {}) });
  await using _place = sandbox;
  await using run = await sandbox.startAndWait();
  const order = HAS_IPV6
    ? `[::1]:${sandbox.port("ORDER_HTTP_PORT")}`
    : `127.0.0.1:${sandbox.port("ORDER_HTTP_PORT")}`;
  await run.linesUntil(new RegExp(`order +${RegExp.escape(`http://${order}`)}$`));
  const answer = await sendAsCurlWould(await sandbox.openSession());
  assert.equal(answer.status, 201);
  await answer.body?.cancel();
});

Deno.test("dev that is interrupted or can't start", async (t) => {
  await using sandbox = await createDevSandbox();

  await t.step("a bad configuration is reported once, and before any store is started", async () => {
    await using run = await sandbox.start([], {
      LOG_LEVEL: "loud",
      SESSION_TTL: "never",
      SERVICE_TOKEN: "short",
      PAYMENT_GRPC_PORT: "0",
    });
    assert.equal((await run.waitForExit(TIMEOUT_MS)).code, 1);
    assert.deepEqual(run.output.map((line) => line.split(": ")[0]?.trim()), [
      "",
      "the configuration is not usable:",
      'PAYMENT_GRPC_PORT is "0"',
      'LOG_LEVEL is "loud"',
      "SERVICE_TOKEN is set (not shown)",
      'SESSION_TTL is "never"',
    ]);
  });

  const moments = {
    "the stores are being started": /"msg":"starting /,
    "the services are being started": /"service":"(iam|inventory|payment|order)"/,
  };
  for (const [moment, line] of Object.entries(moments)) {
    await t.step(`Ctrl-C while ${moment} leaves nothing behind`, async () => {
      await using run = await sandbox.start();
      await run.waitForLine(line, TIMEOUT_MS);
      run.kill("SIGINT");
      assert.equal((await run.waitForExit(TIMEOUT_MS)).code, 0);
      assert.doesNotMatch(run.output.join("\n"), /could not start/);
      await assertNothingIsLeft(sandbox);
    });
  }

  await t.step("a port in use ends the start, and the last line names the service and the port", async () => {
    const port = sandbox.port("INVENTORY_GRPC_PORT");
    using _taken = Deno.listen({ hostname: "127.0.0.1", port });
    await using run = await sandbox.start();
    assert.equal((await run.waitForExit(TIMEOUT_MS)).code, 1);
    const lastLine = new RegExp(
      `^inventory could not start: can't listen on 127\\.0\\.0\\.1:${port}: another process`,
    );
    assert.match(run.output.at(-1) ?? "", lastLine);
    assert.deepEqual(await sandbox.processes(), []);
  });

  await t.step("a log reader that exits, as head does, stops everything", async () => {
    await using shell = sandbox.launch("sh", ["-c", '"$@" | head -n 1', "sh", ...await sandbox.command()]);
    assert.equal((await shell.waitForExit(TIMEOUT_MS)).code, 0);
    await assertNothingIsLeft(sandbox);
  });
});

/** Sends the request of the printed `curl` line without curl, which not every machine has. */
function sendAsCurlWould({ orderLine, sessionUuid }: PrintedSession): Promise<Response> {
  const pattern =
    /^curl -sS (\S+) -H "X-Session-Uuid: \$SESSION" -H 'Content-Type: application\/json' -d '(.*)'$/;
  const [, url = "", body = ""] = orderLine.match(pattern) ??
    assert.fail(`unexpected curl line: ${orderLine}`);
  const headers = { "X-Session-Uuid": sessionUuid, "Content-Type": "application/json" };
  return fetch(url, { method: "POST", headers, body });
}

function readOrder({ orderUrl }: DevSandbox, sessionUuid: string, orderUuid: string): Promise<Response> {
  return fetch(`${orderUrl}/api/v1/orders/${orderUuid}`, { headers: { "X-Session-Uuid": sessionUuid } });
}

function serviceOf(line: string): unknown {
  try {
    return JSON.parse(line).service;
  } catch {
    return assert.fail(`not a log line: ${line}`);
  }
}

async function runningPid(sandbox: DevSandbox, service: ServiceName): Promise<number> {
  return await sandbox.pidOf(service) ?? assert.fail(`no process runs ${service}`);
}

async function assertNothingIsLeft(sandbox: DevSandbox): Promise<void> {
  assert.deepEqual(await sandbox.processes(), []);
  assert.deepEqual(await sandbox.openPorts(), []);
}

async function shutDownRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  // The connection is expected to close.
  redis.on("error", () => {});
  await redis.connect();
  await redis.shutdown("NOSAVE").catch(() => {});
  redis.disconnect();
}
