import { SERVICE_NAMES, type ServiceName } from "@rocket/dev";
import { Redis } from "ioredis";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { type DevPlace, makeDevPlace, type PrintedSession, SUMMARY_END } from "../support/dev_place.ts";
import { HAS_IPV6 } from "../support/service_ports.ts";
import { copyWorkspace } from "../support/workspace_copy.ts";

/** Limit for a start or a stop on a machine that is busy with other suites, in milliseconds. */
const TIMEOUT_MS = 60_000;

Deno.test("dev across several runs", async (t) => {
  await using place = await makeDevPlace();
  let session: PrintedSession;
  let orderUuid: string;
  let serviceToken: string | undefined;
  await using firstRun = await place.startAndWait();

  await t.step("the summary names every service's address, and the command for a first session", async () => {
    const summary = (await firstRun.linesUntil(SUMMARY_END)).join("\n");
    assert.match(summary, new RegExp(`order +http://127\\.0\\.0\\.1:${place.ports.order}$`, "m"));
    assert.match(summary, new RegExp(`iam +127\\.0\\.0\\.1:${place.ports.iam} `));
    assert.match(summary, new RegExp(`inventory +127\\.0\\.0\\.1:${place.ports.inventory} `));
    assert.match(summary, new RegExp(`payment +127\\.0\\.0\\.1:${place.ports.payment} `));
    assert.match(summary, /npx -y deno@\S+ task session$/m);
  });

  await t.step("the curl line of the session command places an order", async () => {
    session = await place.openSession();
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
        services.map(async (name) => (await place.variablesOf(name))["SERVICE_TOKEN"]),
      );
      assert.match(tokens[0] ?? "", /^[A-Za-z0-9_-]{43}$/);
      assert.equal(new Set(tokens).size, 1);
      serviceToken = tokens[0];
    },
  });

  await t.step({
    name: "no service has another's store passwords, or anything else of the shell, in its environment",
    ignore: Deno.build.os !== "linux",
    async fn() {
      assert.ok((await place.variablesOf("iam"))["IAM_POSTGRES_URL"]?.startsWith("postgres://"));
      const runtime =
        /^(?:DENO_CERT|DENO_DIR|DENO_TLS_CA_STORE|LD_LIBRARY_PATH|HOME|LANG|NO_COLOR|PATH|TMPDIR|TZ|XDG_CACHE_HOME)$/;
      const names = Object.keys(await place.variablesOf("payment")).filter((name) => !runtime.test(name));
      assert.ok(names.includes("SERVICE_TOKEN"));
      for (const name of names) {
        assert.match(name, /^(?:PAYMENT_.*|IAM_GRPC_TARGET|LOG_.*|SERVICE_TOKEN|SHUTDOWN_.*)$/);
      }
    },
  });

  await t.step(
    "a second dev on the same data names the process that holds them, and leaves it alone",
    async () => {
      await using second = await place.start();
      assert.equal((await second.waitForExit(TIMEOUT_MS)).code, 1);
      assert.match(second.output.at(-1) ?? "", new RegExp(`is in use by process ${firstRun.pid}`));
      assert.equal((await readOrder(place, session.sessionUuid, orderUuid)).status, 200);
    },
  );

  await t.step("Ctrl-C stops everything", async () => {
    firstRun.kill("SIGINT");
    assert.equal((await firstRun.waitForExit(TIMEOUT_MS)).code, 0);
    await assertNothingIsLeft(place);
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
      await using secondRun = await place.startAndWait();
      const sessionUuid = await place.logIn(session.login, session.password);
      const answer = await readOrder(place, sessionUuid, orderUuid);
      assert.equal(answer.status, 200);
      assert.equal((await answer.json()).order_uuid, orderUuid);
      secondRun.kill("SIGHUP");
      assert.equal((await secondRun.waitForExit(TIMEOUT_MS)).code, 0);
      await assertNothingIsLeft(place);
    },
  );

  await t.step(
    "a fresh start deletes them; asked to stop twice, dev kills even a service that hangs",
    async () => {
      await using freshStart = await place.startAndWait("--fresh");
      await assert.rejects(place.logIn(session.login, session.password), /UNAUTHENTICATED/);
      Deno.kill(await runningPid(place, "inventory"), "SIGSTOP");
      await eventually(() => {
        if (freshStart.isRunning) freshStart.kill("SIGINT");
        assert.equal(freshStart.isRunning, false);
      });
      assert.equal((await freshStart.waitForExit()).code, 1);
      await assertNothingIsLeft(place);
    },
  );
});

Deno.test("dev while the code and the services change", async (t) => {
  await using copy = await copyWorkspace();
  await using place = await makeDevPlace(copy.root);
  await using run = await place.startAndWait();
  const login = new URL("iam/service/login.ts", copy.root);
  const code = await Deno.readTextFile(login);

  await t.step({
    name: "a store that dies is logged and started again",
    // The URL of Redis is read from a process's environment.
    ignore: Deno.build.os !== "linux",
    async fn() {
      await shutDownRedis((await place.variablesOf("iam"))["IAM_REDIS_URL"] ?? "");
      await run.waitForLine(/"store":"redis".*"a store has died, starting it again"/);
      await run.waitForLine(/"store":"redis".*"the store is back"/, TIMEOUT_MS);
    },
  });

  await t.step("a service that is killed is logged and started again", async () => {
    Deno.kill(await runningPid(place, "inventory"), "SIGKILL");
    await run.waitForLine(/"died":"inventory","how":"SIGKILL","pause_ms":500/);
    await run.waitForLine(/"service":"inventory".*"msg":"ready"/, TIMEOUT_MS);
    const answer = await sendAsCurlWould(await place.openSession());
    assert.equal(answer.status, 201);
    await answer.body?.cancel();
  });

  await t.step("a change restarts only the service that it belongs to", async () => {
    const before = [await runningPid(place, "inventory"), await runningPid(place, "order")];
    await Deno.writeTextFile(new URL("iam/service/login.ts.tmp", copy.root), "an editor's draft");
    await Deno.writeTextFile(login, `${code}\n// A change.\n`);
    await run.waitForLine(/"path":"iam\/service\/login.ts","services":\["iam"\]/);
    await run.waitForLine(/"service":"iam".*"msg":"ready"/, TIMEOUT_MS);
    assert.deepEqual([await runningPid(place, "inventory"), await runningPid(place, "order")], before);
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
      await eventually(() => assertNothingIsLeft(place));
    },
  });
});

Deno.test("an order can be placed if services listen on localhost and on IPv6 addresses", async () => {
  const hosts = { IAM_GRPC_HOST: "localhost", PAYMENT_GRPC_HOST: "0.0.0.0" };
  const ipv6 = { INVENTORY_GRPC_HOST: "::1", ORDER_HTTP_HOST: "::1" };
  const place = await makeDevPlace(undefined, { ...hosts, ...(HAS_IPV6 ? ipv6 : {}) });
  await using _place = place;
  await using run = await place.startAndWait();
  const order = HAS_IPV6 ? `[::1]:${place.ports.order}` : `127.0.0.1:${place.ports.order}`;
  await run.linesUntil(new RegExp(`order {6}${RegExp.escape(`http://${order}`)}$`));
  const answer = await sendAsCurlWould(await place.openSession());
  assert.equal(answer.status, 201);
  await answer.body?.cancel();
});

Deno.test("dev that is interrupted or can't start", async (t) => {
  await using place = await makeDevPlace();

  await t.step("a bad configuration is reported once, and before any store is started", async () => {
    await using run = await place.start([], {
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
      await using run = await place.start();
      await run.waitForLine(line, TIMEOUT_MS);
      run.kill("SIGINT");
      assert.equal((await run.waitForExit(TIMEOUT_MS)).code, 0);
      assert.doesNotMatch(run.output.join("\n"), /could not start/);
      await assertNothingIsLeft(place);
    });
  }

  await t.step("a port in use ends the start, and the last line names the service and the port", async () => {
    const port = place.ports.inventory;
    using _taken = Deno.listen({ hostname: "127.0.0.1", port });
    await using run = await place.start();
    assert.equal((await run.waitForExit(TIMEOUT_MS)).code, 1);
    const lastLine = new RegExp(
      `^inventory could not start: can't listen on 127\\.0\\.0\\.1:${port}: another process`,
    );
    assert.match(run.output.at(-1) ?? "", lastLine);
    assert.deepEqual(await place.processes(), []);
  });

  await t.step("a log reader that exits, as head does, stops everything", async () => {
    await using shell = place.launch("sh", ["-c", '"$@" | head -n 1', "sh", ...await place.command()]);
    assert.equal((await shell.waitForExit(TIMEOUT_MS)).code, 0);
    await assertNothingIsLeft(place);
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

function readOrder({ orderUrl }: DevPlace, sessionUuid: string, orderUuid: string): Promise<Response> {
  return fetch(`${orderUrl}/api/v1/orders/${orderUuid}`, { headers: { "X-Session-Uuid": sessionUuid } });
}

function serviceOf(line: string): unknown {
  try {
    return JSON.parse(line).service;
  } catch {
    return assert.fail(`not a log line: ${line}`);
  }
}

async function runningPid(place: DevPlace, service: ServiceName): Promise<number> {
  return await place.pidOf(service) ?? assert.fail(`no process runs ${service}`);
}

async function assertNothingIsLeft(place: DevPlace): Promise<void> {
  assert.deepEqual(await place.processes(), []);
  assert.deepEqual(await place.openPorts(), []);
}

async function shutDownRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  // The connection is expected to close.
  redis.on("error", () => {});
  await redis.connect();
  await redis.shutdown("NOSAVE").catch(() => {});
  redis.disconnect();
}
