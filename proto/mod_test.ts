import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import assert from "node:assert/strict";
import * as face from "./mod.ts";

const exported = new Map<string, unknown>(Object.entries(face));
const { files } = createFileRegistry(fromBinary(FileDescriptorSetSchema, face.descriptorSet()));
const ours = [...files].filter(({ proto }) => !/^(google|grpc)\./.test(proto.package));

Deno.test("the face has a client and a definition of every service, with all its methods", () => {
  for (const { name, typeName, methods } of ours.flatMap(({ services }) => services)) {
    assert.equal(typeof exported.get(`${name}Client`), "function", name);
    const definition = Object.values(exported.get(`${name}Service`) ?? {});
    assert.deepEqual(definition.map(({ path }) => path), methods.map((m) => `/${typeName}/${m.name}`));
  }
});

Deno.test("the face has every message and enum", () => {
  const described = ours.flatMap(({ messages, enums }) => [...messages, ...enums]);
  assert.deepEqual(described.filter(({ name }) => !exported.has(name)).map(({ typeName }) => typeName), []);
});
