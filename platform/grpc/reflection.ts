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
 * Adds `grpc.reflection` (v1 and v1alpha) to a server, so that clients can list, describe and call its services without
 * `.proto` files. Disposing ends the open streams; do so before the server is shut down.
 *
 * @param services The full names of the server's services, except health.
 */
export function addReflection(server: Server, services: readonly string[], log: Logger): Disposable {
  const listed = [...services, "grpc.health.v1.Health"];
  const fileDescriptorProtos = filesOf(listed)
    .map((file) => Buffer.from(toBinary(FileDescriptorProtoSchema, file)));
  // The library expects the output of proto-loader but reads only this field of it. Descriptors from proto-loader would
  // lack the comments and file names of the contracts.
  const contracts = { fileDescriptorProtos } as ConstructorParameters<typeof ReflectionService>[0][string];
  const hosted = hostServices(server);
  new ReflectionService({ contracts }, { services: listed }).addToServer({
    addService: (definition, handlers) => {
      // The library's type allows all four kinds of method; reflection.proto declares this one.
      const handle = handlers[METHOD] as handleBidiStreamingCall<unknown, unknown>;
      hosted.addService(definition, { [METHOD]: boundStreams(handle, log) });
    },
  });
  return hosted;
}

/** The only method of the service, in both versions. */
const METHOD = "ServerReflectionInfo";

/** The files of the services and of the error details, with all their imports. */
function filesOf(services: readonly string[]): readonly FileDescriptorProto[] {
  const imported = new Set<string>();
  // A file comes after its imports, so in reverse order every importer is seen before what it imports.
  return fromBinary(FileDescriptorSetSchema, descriptorSet()).file.toReversed().filter((file) => {
    const names = file.service.map(({ name }) => `${file.package}.${name}`);
    const isNeeded = imported.has(file.name) || file.package === "google.rpc" ||
      names.some((name) => services.includes(name));
    if (isNeeded) file.dependency.forEach((name) => imported.add(name));
    return isNeeded;
  });
}
