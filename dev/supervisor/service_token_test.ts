import { serviceToken } from "@rocket/platform/auth";
import { readConfig } from "@rocket/platform/config";
import assert from "node:assert/strict";
import { withServiceToken } from "./service_token.ts";

Deno.test("an environment without a service token gets one that keeps the services' rule, another each time", () => {
  const made = [{}, { SERVICE_TOKEN: "" }].map((env) => withServiceToken(env)["SERVICE_TOKEN"]);
  for (const token of made) assert.equal(readConfig({ token: serviceToken() }, () => token).token, token);
  assert.notEqual(made[0], made[1]);
});

Deno.test("a service token that is set stays, good or bad: the services say what is wrong with it", () => {
  assert.deepEqual(withServiceToken({ SERVICE_TOKEN: "x", A: "b" }), { SERVICE_TOKEN: "x", A: "b" });
});
