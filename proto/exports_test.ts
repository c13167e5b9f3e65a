import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import assert from "node:assert/strict";
import { descriptorSet } from "./descriptor_set.ts";
import * as events from "./events.ts";
import * as iam from "./iam.ts";
import * as inventory from "./inventory.ts";
import * as payment from "./payment.ts";

const exported = new Map<string, unknown>(Object.entries({ ...events, ...iam, ...inventory, ...payment }));
const { files } = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
const ours = [...files].filter(({ proto }) => !/^(google|grpc)\./.test(proto.package));

Deno.test("the contracts export a definition of every service, with all its methods", () => {
  for (const { name, typeName, methods } of ours.flatMap(({ services }) => services)) {
    const definition = Object.values(exported.get(name) ?? {});
    assert.deepEqual(definition.map(({ path }) => path), methods.map((m) => `/${typeName}/${m.name}`));
  }
});

Deno.test("the contracts export every message and enum", () => {
  const described = ours.flatMap(({ messages, enums }) => [...messages, ...enums]);
  assert.deepEqual(described.filter(({ name }) => !exported.has(name)).map(({ typeName }) => typeName), []);
});
