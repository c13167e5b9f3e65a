import assert from "node:assert/strict";
import { NO_PROXIES, parseProxies } from "../core/client_address.ts";
import { currentRequest } from "../core/request_context.ts";
import { REQUEST_LIMIT_MS } from "../core/deadline.ts";
import { serveHttp } from "./server.ts";
import { kindOf } from "../log/sink.ts";
import { createTestApp } from "../testing/http_app.ts";
import { interleave } from "../testing/interleave.ts";

for (
  const [name, offered, isKept] of [
    ["of 1 character", "a", true],
    ["of 64 characters of all kinds", "A-z_0".padEnd(64, "9"), true],
    ["of 65 characters", "a".repeat(65), false],
    ["with a space", "a b", false],
    ["with a dot", "a.b", false],
    ["that is empty", "", false],
    ["that is absent", undefined, false],
    ["that is sent twice", "a, b", false],
  ] as const
) {
  Deno.test(`a request id ${name} is ${isKept ? "kept" : "replaced"}, and returned`, async () => {
    const { app, captured } = createTestApp();
    app.get("/", (c) => c.text(currentRequest()?.requestId ?? "none"));
    const headers: Record<string, string> = offered === undefined ? {} : { "X-Request-Id": offered };
    const response = await app.request("/", { headers });
    const returned = response.headers.get("X-Request-Id");
    assert.equal(returned, await response.text());
    if (isKept) assert.equal(returned, offered);
    else assert.match(String(returned), /^[0-9a-f-]{36}$/);
    assert.equal(captured.lines[0]?.["request_id"], returned);
  });
}

Deno.test("a request has 5 s", async () => {
  const { app } = createTestApp();
  app.get("/", (c) => c.text(String(currentRequest()?.deadline)));
  const before = Date.now();
  const deadline = Number(await (await app.request("/")).text());
  assert.ok(deadline >= before + REQUEST_LIMIT_MS && deadline <= Date.now() + REQUEST_LIMIT_MS);
});

Deno.test("a request's client is its connection's peer, or the one that a trusted proxy names", async () => {
  for (
    const [trusted, address] of [["10.0.0.0/8", "127.0.0.1"], ["127.0.0.0/8", "198.51.100.1"]] as const
  ) {
    const { app } = createTestApp({ trustedProxies: parseProxies(trusted) ?? NO_PROXIES });
    app.get("/", (c) => c.json(currentRequest()?.client ?? null));
    const server = await serveHttp(app.fetch, "127.0.0.1", 0);
    const response = await fetch(`http://127.0.0.1:${server.port}/`, {
      headers: { "X-Forwarded-For": "1.1.1.1, 198.51.100.1", "User-Agent": "a browser" },
    });
    assert.deepEqual(await response.json(), { address, userAgent: "a browser" });
    await server.shutDown(1_000);
  }
});

Deno.test("interleaved requests keep their own ids, and leave no context behind", async () => {
  const { app } = createTestApp();
  app.get("/", async (c) => {
    await interleave();
    return c.text(currentRequest()?.requestId ?? "none");
  });
  await Promise.all(Array.from({ length: 100 }, async (_, number) => {
    const response = await app.request("/", { headers: { "X-Request-Id": `r-${number}` } });
    assert.equal(await response.text(), `r-${number}`);
    assert.equal(currentRequest(), undefined);
  }));
});

Deno.test("a request is logged once, with its method, path, status and time; a probe at debug level", async () => {
  const { app, captured } = createTestApp();
  app.get("/parts/:part", (c) => c.body(null, 204));
  await app.request("/parts/1?q=2");
  await app.request("/healthz");
  const lines = captured.lines.map((
    { level, msg, method, path, status },
  ) => [level, msg, method, path, status]);
  assert.deepEqual(lines, [
    ["info", "request answered", "GET", "/parts/1", 204],
    ["debug", "request answered", "GET", "/healthz", 200],
  ]);
  assert.equal(typeof captured.lines[0]?.["duration_ms"], "number");
});

Deno.test("no answer may be cached for another caller, unless its route allows it", async () => {
  const { app } = createTestApp();
  const broken = () => {
    throw new Error("broken");
  };
  app.use("/public/*", async (c, next) => {
    await next();
    c.header("Cache-Control", "public, max-age=60");
  });
  app.get("/public/page", (c) => c.text("public"));
  app.get("/public/fault", broken);
  app.get("/own", (c) => c.text("yours"));
  app.get("/fault", broken);
  for (const path of ["/own", "/fault", "/public/fault", "/no-such-route"]) {
    const { headers } = await app.request(path);
    assert.deepEqual(
      [headers.get("Cache-Control"), headers.get("Vary")],
      ["no-store", "X-Session-Uuid"],
      path,
    );
  }
  const { headers } = await app.request("/public/page");
  assert.deepEqual([headers.get("Cache-Control"), headers.get("Vary")], ["public, max-age=60", null]);
});

Deno.test("the answer to HEAD has the length of the answer to GET, and no body", async () => {
  const { app } = createTestApp();
  app.get("/text", (c) => c.text("twelve bytes"));
  const server = await serveHttp(app.fetch, "127.0.0.1", 0);
  const answer = await fetch(`http://127.0.0.1:${server.port}/text`, { method: "HEAD" });
  assert.deepEqual([answer.status, answer.headers.get("Content-Length"), await answer.text()], [
    200,
    "12",
    "",
  ]);
  await server.shutDown(1_000);
});

Deno.test("lines about a request are the first to be dropped from a log that can't be written", async () => {
  const { app, captured } = createTestApp();
  app.get("/", () => {
    throw new Error("a fault");
  });
  await app.request("/");
  const lines = captured.text().trimEnd().split("\n").map((line) => `${line}\n`);
  assert.deepEqual(captured.lines.map(({ msg }) => msg), ["request faulted", "request answered"]);
  assert.ok(lines.every((line) => kindOf(line) === "request"));
});
