import assert from "node:assert/strict";
import { publishedHost } from "./containers.ts";

const OWN_ADDRESSES = ["127.0.0.1", "192.0.2.7", "172.17.0.1"];

const CASES: readonly (readonly [string, string, string])[] = [
  ["an engine of this machine", "localhost", "127.0.0.1"],
  ["an engine whose bridge is an interface of this machine", "172.17.0.1", "127.0.0.1"],
  ["an engine outside this container", "172.18.0.1", "172.18.0.1"],
  ["an engine of another machine", "docker.example", "docker.example"],
];

for (const [what, host, published] of CASES) {
  Deno.test(`the ports of ${what} are published on ${published}`, () => {
    assert.equal(publishedHost(host, OWN_ADDRESSES), published);
  });
}
