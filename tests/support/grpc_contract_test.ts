import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "@rocket/proto/rpc";
import assert from "node:assert/strict";
import { documentedStatuses } from "./grpc_contract.ts";

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));

function statusesOf(service: string, method: string): Readonly<Record<string, readonly string[]>> {
  const desc = registry.getService(service)?.methods.find(({ name }) => name === method);
  assert.ok(desc);
  return Object.fromEntries(documentedStatuses(desc).map(({ name, reasons }) => [name, reasons]));
}

Deno.test("a method's statuses are those in its own comment and in its service's", () => {
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

Deno.test("a method without such comments has no documented statuses", () => {
  assert.deepEqual(statusesOf("grpc.health.v1.Health", "List"), {});
});
