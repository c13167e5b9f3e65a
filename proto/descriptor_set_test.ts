import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import assert from "node:assert/strict";
import { descriptorSet } from "./descriptor_set.ts";
import { AuthService, UserService } from "./iam.ts";
import { InventoryService } from "./inventory.ts";
import { PaymentService } from "./payment.ts";

const files = fromBinary(FileDescriptorSetSchema, descriptorSet());
const registry = createFileRegistry(files);

Deno.test("the descriptor set has each method of each service under its path", () => {
  for (
    const service of [AuthService, UserService, InventoryService, PaymentService]
  ) {
    for (const { path } of Object.values(service)) {
      const [name = "", method] = path.slice(1).split("/");
      const methods = registry.getService(name)?.methods.map(({ name }) => name);
      assert(methods?.includes(method ?? ""), path);
    }
  }
});

Deno.test("the descriptor set has grpc.health.v1 and the types of error details", () => {
  assert(registry.getService("grpc.health.v1.Health"));
  for (const name of ["Status", "BadRequest", "ErrorInfo", "RetryInfo"]) {
    assert(registry.getMessage(`google.rpc.${name}`), name);
  }
});

Deno.test("every file of the descriptor set comes after its imports", () => {
  const seen = new Set<string>();
  for (const { name, dependency } of files.file) {
    for (const imported of dependency) assert(seen.has(imported), `${name} before ${imported}`);
    seen.add(name);
  }
});

Deno.test("the descriptors keep the comments of the contracts", () => {
  const comments = files.file.flatMap(({ sourceCodeInfo }) => sourceCodeInfo?.location ?? [])
    .map(({ leadingComments }) => leadingComments);
  assert(comments.some((comment) => comment.includes("Login checks a password and opens a session.")));
});
