import assert from "node:assert/strict";
import { breaches } from "../fixture.ts";
import { environmentInConfig } from "./environment.ts";

const READING = "export const port = Deno.env.get('PORT');";

for (
  const path of [
    "iam/service/login.ts",
    "order/main.ts",
    "iam/model/config.ts",
    "iam/seed/users.ts",
    "platform/log/logger.ts",
  ]
) {
  Deno.test(`${path} may not read the environment`, () => {
    assert.deepEqual(breaches(environmentInConfig, { [path]: READING }), [
      `${path}:1: only config.ts may read the environment`,
    ]);
  });
}

for (
  const path of [
    "iam/config.ts",
    "iam/repository/users_test.ts",
    "platform/config/config.ts",
    "dev/x.ts",
    "tests/x.ts",
  ]
) {
  Deno.test(`${path} may read the environment`, () => {
    assert.deepEqual(breaches(environmentInConfig, { [path]: READING }), []);
  });
}
