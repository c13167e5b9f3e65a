import { DESCRIPTORS } from "./gen/descriptors.ts";

/**
 * The descriptors of every contract, as an encoded `google.protobuf.FileDescriptorSet`, for server reflection.
 *
 * It also has everything that the contracts import, `grpc.health.v1`, and the `google.rpc` types of error details;
 * imports come before the files that need them.
 */
export function descriptorSet(): Uint8Array {
  // Encoded messages put end to end are one message with the repeated fields of all.
  return Buffer.concat(Object.values(DESCRIPTORS).map((base64) => Buffer.from(base64, "base64")));
}
