import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { eventsDocument } from "@rocket/proto/events";
import { orderDocument } from "@rocket/proto/order";
import { createTestApp } from "../testing/http_app.ts";

Deno.test("the document is the contract, without its list of servers", async () => {
  const response = await ask("/openapi.json");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "application/json");
  const { servers: _, ...contract } = orderDocument;
  assert.deepEqual(await response.json(), contract);
});

Deno.test("the events' document is served where there are events, and only there", async () => {
  const { app } = createTestApp({ document: orderDocument });
  assert.equal((await app.request("/asyncapi.json")).status, 404);
  assert.deepEqual(await (await ask("/asyncapi.json")).json(), eventsDocument);
});

Deno.test("a service whose documents are switched off serves none of them", async () => {
  const { app } = createTestApp({ docs: false, document: orderDocument, events: eventsDocument });
  for (const path of ["/openapi.json", "/asyncapi.json", "/docs"]) {
    assert.equal((await app.request(path)).status, 404, path);
  }
});

for (const path of ["/openapi.json", "/asyncapi.json", "/docs"]) {
  Deno.test(`a browser's cached copy of ${path} is revalidated with 304`, async () => {
    const first = await ask(path);
    assert.equal(first.headers.get("Cache-Control"), "no-cache");
    const tag = first.headers.get("ETag") ?? "";
    assert.notEqual(tag, "");

    const again = await ask(path, { headers: { "If-None-Match": tag } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), "");
    assert.equal((await ask(path, { headers: { "If-None-Match": '"older"' } })).status, 200);
  });
}

Deno.test("everything that the page loads is served by the service, with its media type, and cached forever", async () => {
  const loaded = [...(await page()).matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, url = ""]) => url);
  assert.equal(loaded.length, 3);
  for (const url of loaded) {
    const response = await ask(new URL(url, "http://order/docs").pathname);
    assert.equal(response.status, 200, url);
    assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
    const type = { css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8" }[extensionOf(url)];
    if (type !== undefined) {
      assert.equal(response.headers.get("Content-Type"), type);
      assert.match(response.headers.get("Cache-Control") ?? "", /immutable/);
      assert.match(url, /\/\d+\.\d+\.\d+\//, "the URL of an asset has its version");
    }
    await response.body?.cancel();
  }
});

Deno.test("the page may load only from its own origin, and run only its own scripts", async () => {
  const policy = (await ask("/docs")).headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, /^default-src 'none';/);
  assert.doesNotMatch(policy, /https?:|\*|unsafe/);
  for (const element of ["script", "style"]) {
    const [, inline] = new RegExp(`<${element}>([^<]*)</${element}>`).exec(await page()) ?? [];
    assert.ok(inline, element);
    const hash = createHash("sha256").update(inline).digest("base64");
    assert.ok(policy.includes(`${element}-src 'self' 'sha256-${hash}'`), element);
  }
});

Deno.test("the page can't be framed or sniffed, and sends no referrer", async () => {
  const { headers } = await ask("/docs");
  assert.equal(headers.get("Content-Type"), "text/html; charset=UTF-8");
  assert.equal(headers.get("X-Frame-Options"), "DENY");
  assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
  assert.equal(headers.get("Referrer-Policy"), "no-referrer");
});

Deno.test("other paths are 404, and other methods 405", async () => {
  for (const path of ["/docs/", "/docs/swagger-ui.css", "/docs/../main.ts", "/openapi.yaml"]) {
    assert.equal((await ask(path)).status, 404, path);
  }
  assert.equal((await ask("/docs", { method: "HEAD" })).status, 200);
  for (const path of ["/docs", "/openapi.json"]) {
    const response = await ask(path, { method: "POST" });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("Allow"), "GET, HEAD");
  }
});

function ask(path: string, init?: RequestInit): Response | Promise<Response> {
  return createTestApp({ document: orderDocument, events: eventsDocument }).app.request(path, init);
}

async function page(): Promise<string> {
  return await (await ask("/docs")).text();
}

function extensionOf(url: string): string {
  return url.slice(url.lastIndexOf(".") + 1);
}
