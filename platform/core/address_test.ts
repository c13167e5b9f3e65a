import assert from "node:assert/strict";
import { formatAddress } from "./address.ts";

for (
  const [host, expected] of [
    ["127.0.0.1", "127.0.0.1:80"],
    ["localhost", "localhost:80"],
    ["::1", "[::1]:80"],
    ["::", "[::]:80"],
    ["[::1]", "[::1]:80"],
  ] as const
) {
  Deno.test(`the address of host ${host} is ${expected}`, () => {
    assert.equal(formatAddress(host, 80), expected);
  });
}
