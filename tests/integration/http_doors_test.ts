import assert from "node:assert/strict";
import { startSystem } from "../support/system.ts";

const SHOP = "https://shop.example.com";

Deno.test("both HTTP doors have the same headers, health and documentation", async (t) => {
  await using system = await startSystem({ services: ["iam", "order"], env: { CORS_ORIGINS: SHOP } });
  const doors = {
    iam: { url: system.iamUrl, guarded: "/api/v1/iam/whoami", title: "IAM API" },
    order: { url: system.orderUrl, guarded: "/api/v1/orders", title: "Order API" },
  };

  for (const [name, { url, guarded, title }] of Object.entries(doors)) {
    await t.step(`${name}: every answer has the security headers, and may not be kept`, async () => {
      for (const path of [guarded, "/nothing", "/healthz", "/readyz"]) {
        const { headers } = await ask(url + path);
        assert.equal(headers.get("Cache-Control"), "no-store", path);
        assert.equal(headers.get("X-Content-Type-Options"), "nosniff", path);
        assert.equal(headers.get("X-Frame-Options"), "DENY", path);
        assert.equal(
          headers.get("Content-Security-Policy"),
          "default-src 'none'; frame-ancestors 'none'",
          path,
        );
      }
    });

    await t.step(`${name}: a page of a listed origin may send a session, and read a refusal`, async () => {
      const preflight = await ask(url + guarded, {
        method: "OPTIONS",
        headers: { Origin: SHOP, "Access-Control-Request-Method": "GET" },
      });
      assert.equal(preflight.status, 204);
      assert.match(preflight.headers.get("Access-Control-Allow-Headers") ?? "", /X-Session-Uuid/);
      const refused = await ask(url + guarded, { headers: { Origin: SHOP } });
      assert.equal(refused.status, 401);
      assert.equal(refused.headers.get("Access-Control-Allow-Origin"), SHOP);
    });

    await t.step(`${name}: a page of another origin may not`, async () => {
      for (const method of ["OPTIONS", "GET"]) {
        const { headers } = await ask(url + guarded, {
          method,
          headers: { Origin: "https://evil.example.com", "Access-Control-Request-Method": "GET" },
        });
        assert.equal(headers.get("Access-Control-Allow-Origin"), null);
      }
    });

    await t.step(`${name}: it is alive and ready, and documents itself with its own files`, async () => {
      assert.equal((await ask(`${url}/healthz`)).status, 200);
      assert.equal((await ask(`${url}/readyz`)).status, 200);
      const page = await (await fetch(`${url}/docs`)).text();
      assert.ok(page.includes(`<title>${title}</title>`));
      for (const [, file] of page.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)) {
        assert.equal((await ask(`${url}/${file}`)).status, 200, file);
      }
    });
  }
});

async function ask(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response;
}
