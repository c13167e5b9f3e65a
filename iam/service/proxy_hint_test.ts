import { createLogger } from "@rocket/platform/log";
import assert from "node:assert/strict";
import { createProxyHint } from "./proxy_hint.ts";

/** Sends requests. @returns How many warnings were logged. */
function warningsAfter(...addresses: readonly (readonly [address: string, requests: number])[]): number {
  const lines: string[] = [];
  const log = createLogger(
    { service: "iam", level: "warn", format: "json" },
    { write: (line) => void lines.push(line) },
  );
  const hint = createProxyHint(log);
  for (const [address, requests] of addresses) {
    for (let n = 0; n < requests; n++) hint(address);
  }
  return lines.length;
}

Deno.test("1,000 requests from one private address are warned of once", () => {
  for (const address of ["10.1.2.3", "172.31.0.1", "192.168.1.1", "fd00::1"]) {
    assert.equal(warningsAfter([address, 999]), 0, address);
    assert.equal(warningsAfter([address, 5_000]), 1, address);
  }
});

Deno.test("requests from a public or loopback address, or from more than one, are not warned of", () => {
  for (const address of ["192.0.2.1", "127.0.0.1", "2001:db8::1", "::1", "unknown"]) {
    assert.equal(warningsAfter([address, 2_000]), 0, address);
  }
  assert.equal(warningsAfter(["10.1.2.3", 999], ["10.1.2.4", 1], ["10.1.2.3", 2_000]), 0);
});
