import assert from "node:assert/strict";
import { withTargets } from "./targets.ts";

const TABLE = [
  ["a port that is moved", { IAM_GRPC_PORT: "50063" }, "127.0.0.1:50063"],
  ["a host and a port", { IAM_GRPC_HOST: "127.0.0.2", IAM_GRPC_PORT: "50063" }, "127.0.0.2:50063"],
  ["every address", { IAM_GRPC_HOST: "0.0.0.0", IAM_GRPC_PORT: "50063" }, "127.0.0.1:50063"],
  ["a target of its own", { IAM_GRPC_PORT: "50063", IAM_GRPC_TARGET: "iam:1" }, "iam:1"],
  ["a target that is empty", { IAM_GRPC_PORT: "50063", IAM_GRPC_TARGET: "" }, "127.0.0.1:50063"],
  ["a port that the system chooses", { IAM_GRPC_PORT: "0" }, undefined],
  ["what is no port", { IAM_GRPC_PORT: "iam" }, undefined],
  ["nothing", {}, undefined],
] as const;

for (const [what, env, target] of TABLE) {
  Deno.test(`with ${what} callers dial ${target ?? "what they would without"}`, () => {
    assert.equal(withTargets(env)["IAM_GRPC_TARGET"], target);
  });
}
