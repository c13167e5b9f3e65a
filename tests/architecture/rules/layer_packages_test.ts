import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { layerPackages } from "./layer_packages.ts";

Deno.test("a protocol's or a store's library in the wrong layer is reported", () => {
  const found = violationsOf(layerPackages, {
    "iam/service/login.ts": `import { status } from "@grpc/grpc-js";`,
    "order/service/place.ts": `import { HTTPException } from "hono/http-exception";`,
    "order/api/orders.ts": `import postgres from "postgres";`,
    "iam/model/session.ts": `import type { Redis } from "ioredis";`,
  });
  assert.deepEqual(found, [
    "iam/service/login.ts:1: @grpc/grpc-js belongs in api or client, not in service",
    "order/service/place.ts:1: hono/http-exception belongs in api, not in service",
    "order/api/orders.ts:1: postgres belongs in repository, not in api",
    "iam/model/session.ts:1: ioredis belongs in repository, not in model",
  ]);
});

Deno.test("a library may be used in its own layer, in the wiring and in tests", () => {
  const found = violationsOf(layerPackages, {
    "iam/api/auth.ts": `import "@grpc/grpc-js";`,
    "order/client/inventory.ts": `import "@grpc/grpc-js";`,
    "order/api/orders.ts": `import "hono";`,
    "iam/repository/sessions.ts": `import "ioredis";`,
    "iam/di.ts": `import "postgres";`,
    "iam/service/login_test.ts": `import "postgres";`,
    "platform/http/server.ts": `import "hono";`,
  });
  assert.deepEqual(found, []);
});
