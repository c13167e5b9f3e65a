import assert from "node:assert/strict";
import fc from "fast-check";
import { dialRedis } from "./net.ts";
import { parseRedisUrl, type RedisTarget } from "./redis_url.ts";

const NO_LOGIN = { username: undefined, password: undefined };

/** What a URL says; its parts that are not named are absent. */
const READ: readonly (readonly [string, RedisTarget])[] = [
  ["redis://h", { kind: "single", url: "redis://h", address: { host: "h", port: 6379 } }],
  ["rediss://:p@[::1]:6380/2", {
    kind: "single",
    url: "rediss://:p@[::1]:6380/2",
    address: { host: "[::1]", port: 6380 },
  }],
  ["redis+sentinel://a:26379,b/sessions", {
    kind: "sentinel",
    addresses: [{ host: "a", port: 26_379 }, { host: "b", port: 26_379 }],
    nodes: undefined,
    name: "sessions",
    login: NO_LOGIN,
    sentinelLogin: NO_LOGIN,
    tls: false,
  }],
  ["rediss+sentinel://u:p%40@a:1/m?sentinelUser=s&sentinelPassword=t&nodes=10.0.0.1:6379,c", {
    kind: "sentinel",
    addresses: [{ host: "a", port: 1 }],
    nodes: [{ host: "10.0.0.1", port: 6379 }, { host: "c", port: 6379 }],
    name: "m",
    login: { username: "u", password: "p@" },
    sentinelLogin: { username: "s", password: "t" },
    tls: true,
  }],
  ["redis+cluster://10.0.0.1:7000,[fd00::1]:7001", {
    kind: "cluster",
    addresses: [{ host: "10.0.0.1", port: 7000 }, { host: "[fd00::1]", port: 7001 }],
    nodes: undefined,
    login: NO_LOGIN,
    tls: false,
  }],
  ["rediss+cluster://:p@a:1", {
    kind: "cluster",
    addresses: [{ host: "a", port: 1 }],
    nodes: undefined,
    login: { username: undefined, password: "p" },
    tls: true,
  }],
];

for (const [url, target] of READ) {
  Deno.test(`the parts of ${url} are read`, () => {
    assert.deepEqual(parseRedisUrl(url), target);
  });
}

const REFUSED: Readonly<Record<string, string>> = {
  "a cluster with a database": "redis+cluster://a:1/1",
  "Sentinels without a master's name": "redis+sentinel://a:1,b:2",
  "an empty host": "redis+cluster://a:1,,b:1",
  "a port out of range": "redis+cluster://a:99999",
  "port 0": "redis+cluster://a:0",
  "an IPv6 address without brackets": "redis+cluster://::1:7000",
  "no host": "redis+sentinel:///m",
  "an escape that can't be decoded": "redis+cluster://:%zz@a:1",
  "an unknown option": "redis+cluster://a:1?node=b:1",
  "an option of Sentinels for a cluster": "redis+cluster://a:1?sentinelPassword=p",
  "an empty list of nodes": "redis+cluster://a:1?nodes=",
  "another kind": "redis+ring://a:1",
  "several hosts without a kind": "redis://a:1,b:2",
};

for (const [what, url] of Object.entries(REFUSED)) {
  Deno.test(`a Redis URL with ${what} is refused`, () => assert.equal(parseRedisUrl(url), undefined));
}

Deno.test("any user and password are read back from a URL that encodes them", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (username, password) => {
    const userinfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
    const target = parseRedisUrl(`redis+cluster://${userinfo}@a:1,b:1`);
    assert.ok(target?.kind === "cluster");
    assert.deepEqual(target.login, { username, password });
  }));
});

Deno.test("servers that are announced may be reached on the URL's hosts, or only where the URL lists them", () => {
  const names = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"];
  const table: readonly (readonly [string, readonly string[]])[] = [
    ["redis://127.0.0.1:7000", ["127.0.0.1:7000"]],
    ["redis+cluster://127.0.0.1:7000,[::1]:7001", ["127.0.0.1", "[::1]"]],
    ["redis+cluster://node:7000", ["node", ...names]],
    ["redis+cluster://10.0.0.1:7000?nodes=10.0.0.2:7000", ["10.0.0.1:7000", "10.0.0.2:7000"]],
    ["redis+sentinel://10.0.0.1/m?nodes=10.0.0.2,10.0.0.3", [
      "10.0.0.1:26379",
      "10.0.0.2:6379",
      "10.0.0.3:6379",
    ]],
  ];
  for (const [url, net] of table) assert.deepEqual(dialRedis(url), net, url);
});
