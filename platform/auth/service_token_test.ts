import { Metadata } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { readConfig } from "../config/config.ts";
import { SERVICE_TOKEN_KEY, textValue } from "./metadata.ts";
import { addServiceToken, isServiceToken, serviceToken } from "./service_token.ts";

const OLD = "old-".padEnd(32, "x");
const NEW = "new-".padEnd(32, "y");

function parse(text: string) {
  return readConfig({ token: serviceToken() }, (name) => name === "SERVICE_TOKEN" ? text : undefined).token;
}

Deno.test("while one token replaces another, services that are configured for any step of it call one another", () => {
  const steps = [OLD, `${OLD},${NEW}`, `${NEW},${OLD}`, NEW].map(parse);
  for (const [step, sender] of steps.entries()) {
    const sent = textValue(addServiceToken(new Metadata(), sender), SERVICE_TOKEN_KEY) ?? "";
    for (const receiver of steps.slice(Math.max(0, step - 1), step + 2)) {
      assert.ok(isServiceToken(sent, receiver), `step ${step}`);
    }
  }
});

Deno.test("a token that is no longer, or not yet, configured is refused", () => {
  assert.equal(isServiceToken(OLD, parse(NEW)), false);
  assert.equal(isServiceToken(NEW, parse(OLD)), false);
  assert.equal(isServiceToken(`${NEW},${OLD}`, parse(`${NEW},${OLD}`)), false);
});

Deno.test("a token has 32 to 256 of A-Z, a-z, 0-9, _ and -, and there are two of them at most", () => {
  for (const text of ["a".repeat(32), "A-z_9".repeat(50)]) assert.equal(parse(text).value.sent, text);
  const tokens = ["", "a".repeat(31), "a".repeat(257), `${OLD} `, "ü".repeat(32)];
  for (const text of [...tokens, `${OLD},${NEW},${OLD}`, `${OLD},`, `,${OLD}`, `${OLD}, ${NEW}`]) {
    assert.equal(serviceToken().parse(text), undefined, text);
  }
});
