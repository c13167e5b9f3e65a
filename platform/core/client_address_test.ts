import assert from "node:assert/strict";
import { clientAddress, NO_PROXIES, parseIp, parseProxies, type TrustedProxies } from "./client_address.ts";

function proxies(text: string): TrustedProxies {
  const parsed = parseProxies(text);
  assert.ok(parsed !== undefined);
  return parsed;
}

Deno.test("without trusted proxies the client is the peer, whatever it says of itself", () => {
  assert.equal(clientAddress("203.0.113.9", "198.51.100.1", NO_PROXIES), "203.0.113.9");
  assert.equal(clientAddress("203.0.113.9", "198.51.100.1", proxies("10.0.0.0/8")), "203.0.113.9");
});

Deno.test("behind trusted proxies the client is the last hop that is not one of them", () => {
  const trusted = proxies("10.0.0.0/8, fd00::/8,192.0.2.7");
  const cases: [string, string | undefined, string][] = [
    ["10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"],
    ["10.0.0.1", "1.1.1.1, 198.51.100.1, 192.0.2.7,fd00::2", "198.51.100.1"],
    ["::ffff:10.0.0.1", "198.51.100.1:4711", "198.51.100.1"],
    ["fd12::1", "[2001:DB8:0::1]:443", "2001:db8::1"],
    ["10.0.0.1", undefined, "10.0.0.1"],
    ["10.0.0.1", "10.0.0.2", "10.0.0.2"],
    ["10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"],
    ["10.0.0.1", "198.51.100.1, unknown, 10.0.0.2", "10.0.0.2"],
  ];
  for (const [peer, forwardedFor, address] of cases) {
    assert.equal(clientAddress(peer, forwardedFor, trusted), address, `${peer} | ${forwardedFor}`);
  }
});

Deno.test("equal addresses become equal texts", () => {
  const cases: [string, string | undefined][] = [
    ["192.0.2.7", "192.0.2.7"],
    ["::FFFF:192.0.2.7", "192.0.2.7"],
    ["2001:0DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["192.0.2.07", undefined],
    ["example.com", undefined],
    ["", undefined],
  ];
  for (const [text, ip] of cases) assert.equal(parseIp(text), ip, text);
});

Deno.test("a list of proxies with one that is not a network or address is refused", () => {
  for (
    const text of [
      "10.0.0.0/33",
      "fd00::/129",
      "10.0.0.0/",
      "10.0.0.0/8/8",
      "proxy",
      "10.0.0.1, x",
      "fe80::1%a",
    ]
  ) {
    assert.equal(parseProxies(text), undefined, text);
  }
  assert.ok(proxies(" , ").isEmpty);
});
