import assert from "node:assert/strict";
import { describeStart, type StoreFacts } from "./summary.ts";

function describe(
  stores: Partial<StoreFacts>,
  httpScheme: "http" | "https" = "http",
): readonly string[] {
  return describeStart({
    addresses: new Map([
      ["iam", "127.0.0.1:1, 127.0.0.1:5"],
      ["inventory", "127.0.0.1:2"],
      ["payment", "127.0.0.1:3"],
      ["order", "127.0.0.1:4"],
    ]),
    httpScheme,
    stores: {
      source: "local",
      ours: new Set(["postgres", "redis", "kafka"]),
      dataAt: "/data/local",
      ...stores,
    },
    tookMs: 1_449,
    taskCommand: "deno task",
  }).split("\n");
}

Deno.test("the summary names the address of each door, where the stores come from, and what to do next", () => {
  assert.deepEqual(describe({}), [
    "",
    "Rocket Factory is ready after 1.4 s.",
    "",
    "  order      http://127.0.0.1:4",
    "  payment    127.0.0.1:3 (gRPC), a stand-in: no money moves",
    "  inventory  127.0.0.1:2 (gRPC)",
    "  iam        127.0.0.1:1 (gRPC), http://127.0.0.1:5",
    "  Postgres   this machine's own program",
    "  Redis      this machine's own program",
    "  Kafka      this machine's own program",
    "  data       /data/local",
    "",
    "  A first session:  deno task session",
    "  Start empty:      deno task dev --fresh",
    "  Stop everything:  Ctrl-C",
    "",
    "",
  ]);
});

Deno.test("the summary shows HTTP doors with TLS as they are reached", () => {
  assert.ok(describe({}, "https").includes("  order      https://127.0.0.1:4"));
});

Deno.test("the summary says which stores run in containers, and where their data are", () => {
  const lines = describe({ source: "docker", dataAt: "in the Docker volumes named by /data/docker.json" });
  assert.ok(lines.includes("  Redis      in a Docker container"));
  assert.ok(lines.includes("  data       in the Docker volumes named by /data/docker.json"));
});

Deno.test("the summary says which stores the environment names", () => {
  const lines = describe({ source: "environment", ours: new Set(), dataAt: "with those servers" });
  assert.ok(lines.includes("  Postgres   named by the environment"));
  assert.ok(lines.includes("  data       with those servers"));
});

Deno.test("one store may be named by the environment and the other ours", () => {
  const lines = describe({ source: "docker", ours: new Set(["redis"]) });
  assert.ok(lines.includes("  Postgres   named by the environment"));
  assert.ok(lines.includes("  Redis      in a Docker container"));
});
