import { Buffer } from "node:buffer";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import type { handleBidiStreamingCall, Server } from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { descriptorSet } from "@rocket/proto/rpc";
import type { Logger } from "../log/logger.ts";
import { boundStreams } from "./bounded_streams.ts";
import { hostServices } from "./hosted_services.ts";

/**
 * Adds `grpc.reflection` (v1 and v1alpha) to a server: its services, health and their messages can be listed,
 * described and called without `.proto` files. Disposing ends the streams left open; do so before the server is
 * shut down.
 *
 * @param services The full names of the services that the server offers, beside health.
 */
export function addReflection(server: Server, services: readonly string[], log: Logger): Disposable {
  const listed = [...services, "grpc.health.v1.Health"];
  const fileDescriptorProtos = filesOf(listed)
    .map((file) => Buffer.from(toBinary(FileDescriptorProtoSchema, file)));
  // What proto-loader gives has the descriptors in every type; the library looks for no more than this. Made by
  // proto-loader, they would lack the contracts' comments and files.
  const contracts = { fileDescriptorProtos } as ConstructorParameters<typeof ReflectionService>[0][string];
  const hosted = hostServices(server);
  new ReflectionService({ contracts }, { services: listed }).addToServer({
    addService: (definition, handlers) => {
      // Of the method's four kinds the library types it as any; it is this one (reflection.proto).
      const handle = handlers[METHOD] as handleBidiStreamingCall<unknown, unknown>;
      hosted.addService(definition, { [METHOD]: boundStreams(handle, log) });
    },
  });
  return hosted;
}

/** The one method of the service, in either version. */
const METHOD = "ServerReflectionInfo";

/** The files of the services and of errors' details, and what they import. */
function filesOf(services: readonly string[]): readonly FileDescriptorProto[] {
  const imported = new Set<string>();
  // What a file imports stands before it, so on the way back it is known of each whether it is imported.
  return fromBinary(FileDescriptorSetSchema, descriptorSet()).file.toReversed().filter((file) => {
    const names = file.service.map(({ name }) => `${file.package}.${name}`);
    const isNeeded = imported.has(file.name) || file.package === "google.rpc" ||
      names.some((name) => services.includes(name));
    if (isNeeded) file.dependency.forEach((name) => imported.add(name));
    return isNeeded;
  });
}
