import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { status } from "@grpc/grpc-js";
import { descriptorSet } from "@rocket/proto/rpc";
import assert from "node:assert/strict";
import { filesIn, queryReflection, reflect, REFLECTION_VERSIONS } from "../support/reflection.ts";
import { type CORE_SERVICES, startSystem } from "../support/system.ts";

/** The services that each server lists; the order service has no gRPC server. */
const OFFERED: Readonly<Record<Exclude<typeof CORE_SERVICES[number], "order">, readonly string[]>> = {
  iam: [
    "auth.v1.AuthService",
    "auth.v1.SessionService",
    "grpc.health.v1.Health",
    "user.v1.UserService",
  ],
  inventory: ["grpc.health.v1.Health", "inventory.v1.InventoryService"],
  payment: ["grpc.health.v1.Health", "payment.v1.PaymentService"],
};

const contracts = fromBinary(FileDescriptorSetSchema, descriptorSet()).file;

Deno.test("every gRPC service describes itself by reflection, without a session", async (t) => {
  await using system = await startSystem({ env: { LOG_LEVEL: "debug" } });
  const iam = system.variable("IAM_GRPC_TARGET");
  const inventory = system.variable("INVENTORY_GRPC_TARGET");

  for (const version of REFLECTION_VERSIONS) {
    await t.step(`in ${version} each lists its own services and health, and nothing else`, async () => {
      for (const [name, offered] of Object.entries(OFFERED)) {
        const target = system.variable(`${name.toUpperCase()}_GRPC_TARGET`);
        assert.deepEqual((await reflect(target, version)).services.toSorted(), offered);
      }
    });
  }

  await t.step("the files returned are those of the contracts, including comments", async () => {
    const [answer] = await queryReflection(iam, "v1", [{ fileContainingSymbol: "user.v1.UserService" }]);
    assert.ok(answer);
    const files = filesIn(answer);
    assert.equal(files[0]?.name, "user/v1/user.proto");
    for (const file of files) {
      const contract = contracts.find(({ name }) => name === file.name);
      assert.ok(contract, file.name);
      assert.deepEqual(
        toBinary(FileDescriptorProtoSchema, file),
        toBinary(FileDescriptorProtoSchema, contract),
      );
    }
  });

  await t.step("their imports and the types of error details are included", async () => {
    const { registry } = await reflect(inventory);
    for (const { proto } of registry.files) {
      for (const name of proto.dependency) assert.ok(registry.getFile(name), name);
    }
    for (const name of ["Status", "ErrorInfo", "BadRequest", "RetryInfo"]) {
      assert.ok(registry.getMessage(`google.rpc.${name}`), name);
    }
  });

  await t.step("other services and unknown names are NOT_FOUND", async () => {
    const answers = await queryReflection(iam, "v1", [
      { fileContainingSymbol: "inventory.v1.InventoryService" },
      { fileByFilename: "inventory/v1/inventory.proto" },
      { fileContainingSymbol: "__proto__" },
      { fileByFilename: "" },
    ]);
    assert.deepEqual(
      answers.map(({ errorResponse }) => errorResponse?.errorCode),
      Array(4).fill(status.NOT_FOUND),
    );
  });

  await t.step("a stream is logged once, at the level of health checks", async () => {
    await system.stop("inventory");
    const lines = system.process("inventory").output.filter((line) => line.includes("ServerReflectionInfo"));
    // Two requests to each version above, and two for the imports.
    assert.equal(lines.length, 6);
    for (const line of lines) assert.match(line, /"level":"debug".*"code":"OK".*"msg":"call answered"/);
  });
});
