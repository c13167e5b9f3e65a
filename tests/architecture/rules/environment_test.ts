import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { environmentInConfig } from "./environment.ts";

const READING = "export const port = Deno.env.get('PORT');";

Deno.test("only configuration, entry points and tools outside services may read the environment", () => {
  const table = {
    "iam/service/login.ts": false,
    "order/main.ts": false,
    "iam/model/config.ts": false,
    "iam/seed/users.ts": false,
    "platform/log/logger.ts": false,
    "iam/config.ts": true,
    "iam/repository/users_test.ts": true,
    "platform/config/config.ts": true,
    "dev/x.ts": true,
    "tests/x.ts": true,
  };
  for (const [path, isAllowed] of Object.entries(table)) {
    const found = violationsOf(environmentInConfig, { [path]: READING });
    assert.deepEqual(found, isAllowed ? [] : [`${path}:1: only config.ts may read the environment`]);
  }
});

Deno.test("every way to read the environment is reported, and a comment about it is not", () => {
  const reads = [
    "Deno.env.get('A')",
    "const all = process.env;",
    "globalThis.Deno.env",
    "const { env } = Deno;",
    "const { env: mine } = process;",
    'import { env } from "node:process";',
  ];
  for (const text of reads) {
    assert.equal(violationsOf(environmentInConfig, { "iam/app.ts": text }).length, 1, text);
  }
  for (const text of ["// Deno.env is read elsewhere", " * `Deno.env`", "const env = read();", "a.env"]) {
    assert.deepEqual(violationsOf(environmentInConfig, { "iam/app.ts": text }), [], text);
  }
});
