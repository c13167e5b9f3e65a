import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "@rocket/proto/rpc";
import fc from "fast-check";
import assert from "node:assert/strict";
import { hostileMessage, joinBytes, validMessage } from "./message_arbitrary.ts";
import { brokenRecord, hostileRecord } from "./wire_records.ts";

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
const methods = [...registry.files].flatMap(({ services }) => services.flatMap(({ methods }) => methods));

for (const { input } of methods) {
  Deno.test(`generated valid messages of ${input.typeName} decode without unknown fields`, () => {
    fc.assert(fc.property(validMessage(input), ({ bytes, isMessage }) => {
      assert.equal(isMessage, true);
      assert.equal(fromBinary(input, bytes).$unknown, undefined);
    }));
  });

  Deno.test(`bytes generated as an invalid ${input.typeName} are refused by a decoder`, () => {
    const ending = fc.oneof(brokenRecord, ...input.fields.map(hostileRecord));
    fc.assert(fc.property(validMessage(input), ending, (message, record) => {
      const { bytes, isMessage } = joinBytes([message, record]);
      if (isMessage === false) assert.throws(() => fromBinary(input, bytes));
      if (isMessage === true) fromBinary(input, bytes);
    }));
  });
}

Deno.test("hostile messages include valid, invalid and undetermined ones", () => {
  const [method] = methods;
  assert.ok(method);
  const verdicts = fc.sample(hostileMessage(method.input), 200).map(({ isMessage }) => isMessage);
  assert.deepEqual(new Set(verdicts), new Set([true, false, undefined]));
});
