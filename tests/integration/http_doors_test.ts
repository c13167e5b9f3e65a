import { status } from "@grpc/grpc-js";
import { createHealthProbe } from "@rocket/platform/grpc";
import assert from "node:assert/strict";
import swaggerUi from "swagger-ui-dist/package.json" with { type: "json" };
import { queryReflection, REFLECTION_VERSIONS } from "../support/reflection.ts";
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

Deno.test("a service describes itself only if it is switched on, which by default it is not", async (t) => {
  await using system = await startSystem({
    services: ["iam", "order"],
    env: { GRPC_REFLECTION: "", HTTP_DOCS: "" },
  });

  for (const [name, url] of [["iam", system.iamUrl], ["order", system.orderUrl]] as const) {
    await t.step(`${name} serves no documents over HTTP, and lives`, async () => {
      const page = `/docs/${swaggerUi.version}/swagger-ui.css`;
      for (const path of ["/docs", page, "/openapi.json", "/asyncapi.json"]) {
        const response = await fetch(url + path);
        assert.equal(response.status, 404, path);
        assert.equal((await response.json()).reason, "NO_SUCH_ROUTE");
      }
      assert.equal((await ask(`${url}/healthz`)).status, 200);
      assert.equal((await ask(`${url}/readyz`)).status, 200);
    });
  }

  await t.step("iam has no reflection over gRPC, and is healthy", async () => {
    const target = system.variable("IAM_GRPC_TARGET");
    for (const version of REFLECTION_VERSIONS) {
      await assert.rejects(queryReflection(target, version, [{ listServices: "*" }]), {
        code: status.UNIMPLEMENTED,
      });
    }
    await using health = createHealthProbe("iam", target);
    await health.probe();
  });
});

async function ask(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response;
}
