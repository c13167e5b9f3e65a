import assert from "node:assert/strict";
import { createTestApp } from "../testing/http_app.ts";

function createAccountsApp() {
  const document = {
    security: [{ session: [] }],
    paths: {
      "/api/login": { post: { security: [] }, get: {} },
      "/api/logout": { post: { security: [{ session: [] }] } },
      "/api/users/{login}": { get: { security: [] } },
    },
  };
  const { app } = createTestApp({ document });
  app.all("/api/login", (c) => c.text("in"));
  app.post("/api/logout", (c) => c.text("out"));
  app.get("/api/users/:login", (c) => c.text("a user"));
  return app;
}

Deno.test("an operation that the document opens to all takes no session", async () => {
  assert.equal((await createAccountsApp().request("/api/login", { method: "POST" })).status, 200);
});

for (
  const [method, path] of [
    ["GET", "/api/login"],
    ["PUT", "/api/login"],
    ["POST", "/api/logout"],
    ["POST", "/api/login/"],
    ["POST", "/api//login"],
    ["POST", "/api/LOGIN"],
    ["POST", "/api/x/../logout"],
    ["GET", "/api/users/{login}"],
    ["GET", "/api/users/ripley"],
  ] as const
) {
  Deno.test(`${method} ${path} takes a session`, async () => {
    assert.equal((await createAccountsApp().request(path, { method })).status, 401);
  });
}
