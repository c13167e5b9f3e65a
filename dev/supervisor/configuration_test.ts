import assert from "node:assert/strict";
import { ownVariables } from "./configuration.ts";

Deno.test("a service gets the variables that it may read, and those of the runtime", () => {
  const flags = ["--no-prompt", "--allow-env=PAYMENT_FAULT,SERVICE_TOKEN,LOG_LEVEL", "--allow-read=/srv"];
  const env = {
    PAYMENT_FAULT: "slow",
    SERVICE_TOKEN: "shared",
    IAM_POSTGRES_URL: "postgres://u:hunter2@db/iam",
    AWS_SECRET_ACCESS_KEY: "hunter2",
    PATH: "/usr/bin",
  };
  assert.deepEqual(ownVariables(flags, env), {
    PAYMENT_FAULT: "slow",
    SERVICE_TOKEN: "shared",
    PATH: "/usr/bin",
  });
});
