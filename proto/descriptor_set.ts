import { DESCRIPTORS } from "./gen/descriptors.ts";

/**
 * The descriptors of every contract, as an encoded `google.protobuf.FileDescriptorSet`: what server reflection
 * answers from.
 *
 * It holds all that the contracts import, `grpc.health.v1`, and the `google.rpc` types of errors' details; what a
 * file imports stands before it.
 */
export function descriptorSet(): Uint8Array {
  // Encoded messages put end to end are one message with the repeated fields of all.
  return Buffer.concat(Object.values(DESCRIPTORS).map((base64) => Buffer.from(base64, "base64")));
}
