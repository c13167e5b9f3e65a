import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "@rocket/proto/rpc";
import assert from "node:assert/strict";
import { documentedStatuses } from "./grpc_contract.ts";

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));

function statusesOf(service: string, method: string): Readonly<Record<string, readonly string[]>> {
  const described = registry.getService(service)?.methods.find(({ name }) => name === method);
  assert.ok(described);
  return Object.fromEntries(documentedStatuses(described).map(({ name, reasons }) => [name, reasons]));
}

Deno.test("a method's statuses are those of its own comment, and those that its service lists", () => {
  assert.deepEqual(statusesOf("inventory.v1.InventoryService", "GetPart"), {
    DEADLINE_EXCEEDED: ["DEADLINE_EXCEEDED"],
    INTERNAL: [],
    INVALID_ARGUMENT: ["INVALID_ARGUMENT"],
    NOT_FOUND: ["PART_NOT_FOUND"],
    UNAUTHENTICATED: ["SESSION_INVALID"],
    UNAVAILABLE: ["DEPENDENCY_UNAVAILABLE"],
  });
});

Deno.test("a status may have several reasons", () => {
  const { ALREADY_EXISTS } = statusesOf("user.v1.UserService", "Register");
  assert.deepEqual(ALREADY_EXISTS, ["LOGIN_TAKEN", "EMAIL_TAKEN"]);
});

Deno.test("of methods without such comments nothing is known", () => {
  assert.deepEqual(statusesOf("grpc.health.v1.Health", "List"), {});
});
