import assert from "node:assert/strict";
import { SERVICE_NAMES } from "../services.ts";
import { servicesTouchedBy } from "./watch.ts";

const cases: readonly (readonly [path: string, services: readonly string[]])[] = [
  ["iam/service/login.ts", ["iam"]],
  ["inventory/main.ts", ["inventory"]],
  ["payment/client/provider.ts", ["payment"]],
  ["order/api/orders.ts", ["order"]],
  ["migrations/order/001_orders.ts", ["order"]],
  ["platform/grpc/call.ts", SERVICE_NAMES],
  ["proto/gen/auth/v1/auth.ts", SERVICE_NAMES],
  ["iam/service/login_test.ts", []],
  ["README.md", []],
  ["dev/main.ts", []],
  ["iam/deno.json", []],
  ["order/.swp", []],
  ["order/api/orders.ts~", []],
  ["order/api/.#orders.ts", []],
  ["order/api/orders.ts.tmp.4711", []],
  ["order/api/4913", []],
];

for (const [path, services] of cases) {
  Deno.test(`a change of ${path} starts ${services.join(", ") || "nothing"} again`, () => {
    assert.deepEqual(servicesTouchedBy(path), services);
  });
}
