import assert from "node:assert/strict";
import {
  type AnyVariable,
  duration,
  host,
  httpUrl,
  integer,
  oneOf,
  optional,
  origins,
  port,
  postgresUrl,
  rate,
  redisUrl,
  target,
} from "./variable.ts";
import { GRPC_TLS } from "./tls_variables.ts";

const TABLE: readonly (readonly [
  kind: string,
  variable: AnyVariable,
  read: readonly (readonly [text: string, value: unknown])[],
  refused: readonly string[],
])[] = [
  [
    "a port",
    port("PORT", 80),
    [["0", 0], ["1", 1], ["65535", 65_535], ["0080", 80]],
    ["-1", "65536", "80.5", "8e1", "0x50", " 80", "80 ", "eighty", "Infinity"],
  ],
  [
    "a whole number",
    integer("COUNT", 5, { min: 3, max: 10 }),
    [["3", 3], ["10", 10]],
    ["2", "11", "3.0", "+3", "", "NaN"],
  ],
  [
    "a list of web origins",
    origins("CORS"),
    [
      ["", []],
      ["https://shop.example.com", ["https://shop.example.com"]],
      ["https://a.example, http://127.0.0.1:3000", ["https://a.example", "http://127.0.0.1:3000"]],
    ],
    [
      ...["*", "null", "shop.example.com", "https://*.example.com", "ftp://a.example", "file:///x"],
      // What no browser sends as Origin would never match.
      ...["https://shop.example.com/", "https://shop.example.com:443", "https://Shop.example.com"],
      ...["https://a.example;https://b.example", "https://user@a.example"],
    ],
  ],
  [
    "the URL of an HTTP service",
    httpUrl("URL"),
    [
      ["https://api.example.com/range", "https://api.example.com/range"],
      ["https://api.example.com:8443/range/", "https://api.example.com:8443/range"],
      ["http://127.0.0.1:8090", "http://127.0.0.1:8090"],
      ["http://[::1]/range", "http://[::1]/range"],
    ],
    [
      ...["http://api.example.com/range", "http://localhost.example.com", "http://127.0.0.1@example.com"],
      ...["https://user:secret@api.example.com", "https://api.example.com/?q=", "https://api.example.com/#x"],
      ...["api.example.com/range", "ftp://api.example.com", "https://"],
    ],
  ],
  [
    "a length of time",
    duration("TIME", "1s", "30d"),
    [["1ms", 1], ["500ms", 500], ["10s", 10_000], ["30m", 1_800_000], ["24h", 86_400_000], [
      "30d",
      2_592_000_000,
    ]],
    ["0s", "0ms", "1", "s", "1.5h", "-1s", "1 s", "1S", "1w", "31d", "2592000001ms", "999999999999s"],
  ],
  [
    "a length of time that may be none",
    duration("DELAY", "0s", "1h", 0),
    [["0s", 0], ["0ms", 0], ["1ms", 1], ["1h", 3_600_000]],
    ["-1s", "61m", "0", "none"],
  ],
  [
    "a target",
    target("TARGET", "x:1", GRPC_TLS),
    [["127.0.0.1:50051", 0], ["localhost:1", 0], ["iam_1.internal-net:65535", 0], ["[::1]:50051", 0]]
      .map(([text]) => [String(text), text]),
    [
      "localhost",
      "localhost:0",
      "localhost:65536",
      ":50051",
      "::1:50051",
      "dns:///iam:1",
      "http://iam:1",
      "iam:1/x",
    ],
  ],
  [
    "a host",
    host("HOST", "x", GRPC_TLS),
    ["127.0.0.1", "0.0.0.0", "::", "::1", "localhost", "iam.internal"].map((text) => [text, text]),
    ["a b", "http://iam", "iam/x", "[::1]", "a".repeat(254)],
  ],
  [
    "a rate",
    rate("RATE", "1/1s"),
    [["60/1m", { requests: 60, windowMs: 60_000 }], ["1/1d", { requests: 1, windowMs: 86_400_000 }]],
    ["60", "0/1m", "60/0s", "60/2d", "60/", "/1m", "60 / 1m", "-1/1m", "1.5/1m"],
  ],
  [
    "an optional URL",
    optional(redisUrl("URL")),
    [["", null], ["redis://h", "redis://h"]],
    [" ", "http://h"],
  ],
  ["a word", oneOf("WORD", "a", ["a", "b"]), [["a", "a"], ["b", "b"]], ["c", "A", "a ", "toString"]],
  [
    "a database's URL",
    postgresUrl("URL"),
    ["postgres://u:p@h:5432/d", "postgresql://h/d", "postgres://[::1]:5432/d?sslmode=require"].map((
      u,
    ) => [u, u]),
    [
      "h:5432/d",
      "mysql://h/d",
      "postgres:///d",
      "postgres://u:p@h:5432",
      "postgres://u:%zz@h/d",
      "postgres://h:99999/d",
      "redis://h",
    ],
  ],
  [
    "a Redis server's URL",
    redisUrl("URL"),
    ["redis://h", "rediss://:p@h:6380/2", "redis+sentinel://a:1,b:2/m", "rediss+cluster://:p@a:1,b:2"].map((
      u,
    ) => [u, u]),
    ["h:6379", "http://h", "redis://", "unix:///tmp/s", "redis://:%zz@h", "redis://h/one"],
  ],
];

for (const [kind, variable, read, refused] of TABLE) {
  Deno.test(`${kind} is parsed only from text that follows its rule`, () => {
    for (const [text, value] of read) assert.deepEqual(variable.parse(text), value, text);
    for (const text of refused) assert.equal(variable.parse(text), undefined, JSON.stringify(text));
  });
}
