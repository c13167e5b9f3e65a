import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "@rocket/proto";
import assert from "node:assert/strict";
import { documentedStatuses } from "./grpc_contract.ts";

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));

function statusesOf(service: string, method: string): readonly string[] {
  const described = registry.getService(service)?.methods.find(({ name }) => name === method);
  assert.ok(described);
  return documentedStatuses(described);
}

Deno.test("a method's statuses are those of its own comment, and those that its service says of every method", () => {
  assert.deepEqual(statusesOf("inventory.v1.InventoryService", "GetPart").toSorted(), [
    "DEADLINE_EXCEEDED",
    "INTERNAL",
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "UNAUTHENTICATED",
    "UNAVAILABLE",
  ]);
});

Deno.test("of methods without such comments nothing is known", () => {
  assert.deepEqual(statusesOf("grpc.health.v1.Health", "List"), []);
});
