import assert from "node:assert/strict";
import { createTestApp } from "../testing/http_app.ts";

const SHOP = "https://shop.example.com";

function createShopApp(corsOrigins: readonly string[] = [SHOP]) {
  const { app } = createTestApp({ authorize: () => Promise.resolve({ kind: "service" }), corsOrigins });
  app.post("/api/orders", (c) => c.json({}, 201));
  app.get("/api/fault", () => {
    throw new Error("a fault");
  });
  app.get("/api/odd", () => {
    throw "not an error";
  });
  return app;
}

/** Asks as a browser does before it sends a request with a session from another origin. */
function preflight(origin: string, corsOrigins?: readonly string[]) {
  return createShopApp(corsOrigins).request("/api/orders", {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "content-type,x-session-uuid",
    },
  });
}

Deno.test("a listed origin may call with a session, and read the answer", async () => {
  const { status, headers } = await preflight(SHOP);
  assert.equal(status, 204);
  assert.equal(headers.get("Access-Control-Allow-Origin"), SHOP);
  assert.match(headers.get("Access-Control-Allow-Headers") ?? "", /\bContent-Type\b.*\bX-Session-Uuid\b/);
  assert.match(headers.get("Access-Control-Allow-Methods") ?? "", /\bPOST\b/);
  assert.match(headers.get("Vary") ?? "", /\bOrigin\b/);

  const answer = await createShopApp().request("/api/orders", { method: "POST", headers: { Origin: SHOP } });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get("Access-Control-Allow-Origin"), SHOP);
  assert.match(answer.headers.get("Access-Control-Expose-Headers") ?? "", /\bX-Request-Id\b/);
  assert.match(answer.headers.get("Vary") ?? "", /\bOrigin\b/);
});

Deno.test("a listed origin may read errors, whatever was thrown", async () => {
  for (const [path, expected] of [["/api/fault", 500], ["/api/odd", 500], ["/api/nothing", 404]] as const) {
    const { status, headers } = await createShopApp().request(path, { headers: { Origin: SHOP } });
    assert.equal(status, expected, path);
    assert.equal(headers.get("Access-Control-Allow-Origin"), SHOP, path);
  }
});

const UNLISTED = ["https://evil.example.com", "http://shop.example.com", `${SHOP}.evil.example`, "null", ""];

Deno.test("no other origin gets a CORS header, and none at all does if none is listed", async () => {
  const answers = [...UNLISTED.map((origin) => preflight(origin)), preflight(SHOP, [])];
  for (const { status, headers } of await Promise.all(answers)) {
    assert.equal(status, 405);
    assert.deepEqual([...headers.keys()].filter((name) => name.startsWith("access-control-")), []);
  }
});

Deno.test("cookies are allowed to no origin, and an OPTIONS request that is not a preflight is 405", async () => {
  assert.equal((await preflight(SHOP)).headers.get("Access-Control-Allow-Credentials"), null);
  const plain = await createShopApp().request("/api/orders", {
    method: "OPTIONS",
    headers: { Origin: SHOP },
  });
  assert.equal(plain.status, 405);
});

Deno.test("every answer, errors and the health routes included, has the security headers", async () => {
  for (const path of ["/api/fault", "/api/odd", "/api/orders", "/nothing", "/healthz"]) {
    const { headers } = await createShopApp().request(path);
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff", path);
    assert.equal(headers.get("X-Frame-Options"), "DENY", path);
    assert.equal(headers.get("Referrer-Policy"), "no-referrer", path);
    assert.equal(headers.get("Cross-Origin-Resource-Policy"), "same-origin", path);
    assert.equal(
      headers.get("Content-Security-Policy"),
      "default-src 'none'; frame-ancestors 'none'",
      path,
    );
  }
});
