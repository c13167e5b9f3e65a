import { Metadata } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { readConfig } from "../config/config.ts";
import { Secret } from "../config/secret.ts";
import { InvalidConfig } from "../config/read_variable.ts";
import { GRPC_TLS_VARIABLES } from "../config/tls_variables.ts";
import { SERVICE_TOKEN_KEY, textValue } from "./metadata.ts";
import { addServiceToken, CERTIFICATE, isService, SERVICE_NAMES, serviceToken } from "./service_token.ts";

const OLD = "old-".padEnd(32, "x");
const NEW = "new-".padEnd(32, "y");

const VARIABLES = { token: serviceToken(), serviceNames: SERVICE_NAMES, ...GRPC_TLS_VARIABLES } as const;

function parse(text: string) {
  const value = serviceToken().parse(text);
  assert.ok(value !== undefined, text);
  return new Secret("SERVICE_TOKEN", { text, value });
}

/** Whether a service that is configured with a token, and knows `order`, believes a caller. */
function believes(text: string, offered: string, peerNames: readonly string[] = []): boolean {
  return isService(offered, { serviceToken: parse(text), serviceNames: ["order"] }, () => peerNames);
}

Deno.test("while one token replaces another, services that are configured for any step of it call one another", () => {
  for (const [old, next] of [[OLD, NEW], [OLD, CERTIFICATE], [CERTIFICATE, NEW]]) {
    const steps = [`${old}`, `${old},${next}`, `${next},${old}`, `${next}`];
    for (const [step, sender] of steps.entries()) {
      const sent = textValue(addServiceToken(new Metadata(), parse(sender)), SERVICE_TOKEN_KEY) ?? "";
      for (const receiver of steps.slice(Math.max(0, step - 1), step + 2)) {
        assert.ok(believes(receiver, sent, ["order"]), `step ${step} from ${old} to ${next}`);
      }
    }
  }
});

Deno.test("a token that is no longer, or not yet, configured is refused", () => {
  assert.equal(believes(NEW, OLD), false);
  assert.equal(believes(OLD, NEW), false);
  assert.equal(believes(`${NEW},${OLD}`, `${NEW},${OLD}`), false);
});

Deno.test("a certificate stands for a token if it has the name of a service, and only where that is configured", () => {
  assert.ok(believes(CERTIFICATE, CERTIFICATE, ["order.internal", "order"]));
  for (const names of [[], ["visitor"], ["order.internal"], ["x.order"]]) {
    assert.equal(believes(CERTIFICATE, CERTIFICATE, names), false, `${names}`);
  }
  assert.equal(believes(OLD, CERTIFICATE, ["order"]), false);
  assert.equal(believes(CERTIFICATE, OLD, ["order"]), false);
  assert.equal(believes(CERTIFICATE, "", ["order"]), false);
});

Deno.test("certificates stand for tokens only with mutual TLS and with names of services", () => {
  const refusal = (environment: Readonly<Record<string, string>>) => {
    try {
      readConfig(VARIABLES, (name) => environment[name]);
    } catch (error) {
      if (error instanceof InvalidConfig) return error.message;
      throw error;
    }
    return "";
  };
  const needs =
    /SERVICE_TOKEN is set \(not shown\): must be a token unless GRPC_TLS_CA and SERVICE_NAMES are set/;
  assert.match(refusal({ SERVICE_TOKEN: CERTIFICATE }), needs);
  assert.match(refusal({ SERVICE_TOKEN: `${OLD},${CERTIFICATE}`, SERVICE_NAMES: "order" }), needs);
  assert.equal(refusal({ SERVICE_TOKEN: OLD, SERVICE_NAMES: "order" }), "");
});

Deno.test("names of services are a list, in any letter case", () => {
  assert.deepEqual(SERVICE_NAMES.parse("Order, assembly.internal"), ["order", "assembly.internal"]);
  assert.deepEqual(SERVICE_NAMES.parse(""), []);
  for (const text of ["*.internal", "or der", "order;x"]) assert.equal(SERVICE_NAMES.parse(text), undefined);
});

Deno.test("a token has 32 to 256 of A-Z, a-z, 0-9, _ and -, and there are two of them at most", () => {
  for (const text of ["a".repeat(32), "A-z_9".repeat(50)]) assert.equal(parse(text).value.sent, text);
  const tokens = ["", "a".repeat(31), "a".repeat(257), `${OLD} `, "ü".repeat(32)];
  for (const text of [...tokens, `${OLD},${NEW},${OLD}`, `${OLD},`, `,${OLD}`, `${OLD}, ${NEW}`]) {
    assert.equal(serviceToken().parse(text), undefined, text);
  }
});
