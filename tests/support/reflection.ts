import { createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import {
  type ChannelCredentials,
  type Client,
  type ClientDuplexStream,
  credentials,
  makeClientConstructor,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";

/** The versions of `grpc.reflection` that tools speak. */
export const REFLECTION_VERSIONS = ["v1", "v1alpha"] as const;

/** A request as defined by `grpc/reflection/v1/reflection.proto`. */
export type ReflectionRequest =
  | { readonly listServices: string }
  | { readonly fileContainingSymbol: string }
  | { readonly fileByFilename: string };

/** The fields of a response that are read here. */
export interface ReflectionResponse {
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly (readonly number[])[] };
  readonly errorResponse?: { readonly errorCode: number; readonly errorMessage: string };
}

/** A server's description of itself. */
export interface ServerDescription {
  /** The full names of the services it lists. */
  readonly services: readonly string[];
  /** Their types and those of their imports, and the `google.rpc` types of error details. */
  readonly registry: FileRegistry;
}

/** Reads from a server what a tool without `.proto` files needs: its services, their files, and all imports. */
export async function reflect(
  target: string,
  version: typeof REFLECTION_VERSIONS[number] = "v1",
): Promise<ServerDescription> {
  const [listing] = await queryReflection(target, version, [{ listServices: "*" }]);
  const services = listing?.listServicesResponse?.service.map(({ name }) => name) ?? [];
  const symbols = [...services, "google.rpc.Status", "google.rpc.ErrorInfo"];
  const responses = await queryReflection(target, version, symbols.map((s) => ({ fileContainingSymbol: s })));
  const files = new Map(responses.flatMap(filesIn).map((file) => [file.name, file]));
  const roots = [...files.values()].map((file) => createFileRegistry(file, (name) => files.get(name)));
  return { services, registry: createFileRegistry(...roots) };
}

/** The files in a response. */
export function filesIn({ fileDescriptorResponse }: ReflectionResponse): readonly FileDescriptorProto[] {
  return fileDescriptorResponse?.fileDescriptorProto
    .map((bytes) => fromBinary(FileDescriptorProtoSchema, Uint8Array.from(bytes))) ?? [];
}

/** Sends all requests on one stream, as tools do, and without metadata, as reflection needs no session. */
export async function queryReflection(
  target: string,
  version: typeof REFLECTION_VERSIONS[number],
  requests: readonly ReflectionRequest[],
): Promise<readonly ReflectionResponse[]> {
  const ReflectionClient = clientClass(version);
  const client = new ReflectionClient(target, credentials.createInsecure());
  using _closing = { [Symbol.dispose]: () => client.close() };
  const stream = client.ServerReflectionInfo();
  for (const request of requests) stream.write(request);
  stream.end();
  return await Array.fromAsync<ReflectionResponse>(stream);
}

interface ReflectionClient extends Client {
  ServerReflectionInfo(): ClientDuplexStream<ReflectionRequest, ReflectionResponse>;
}

type ReflectionClientClass = new (target: string, credentials: ChannelCredentials) => ReflectionClient;

function clientClass(version: string): ReflectionClientClass {
  const name = `grpc.reflection.${version}.ServerReflection`;
  const definition = definitions().find((service) =>
    Object.values(service).some(({ path }) => path.startsWith(`/${name}/`))
  );
  if (definition === undefined) throw new TypeError(`@grpc/reflection does not define ${name}`);
  // grpc-js generates the client's methods from the definition, which is that of reflection.proto.
  return makeClientConstructor(definition, name) as unknown as ReflectionClientClass;
}

/** The library does not export its service definitions; it only adds them to a server. */
function definitions(): readonly ServiceDefinition[] {
  const added: ServiceDefinition[] = [];
  new ReflectionService({}).addToServer({ addService: (definition) => void added.push(definition) });
  return added;
}
