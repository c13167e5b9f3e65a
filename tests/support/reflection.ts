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

/** One question, as `grpc/reflection/v1/reflection.proto` has it. */
export type Question =
  | { readonly listServices: string }
  | { readonly fileContainingSymbol: string }
  | { readonly fileByFilename: string };

/** One answer, as far as it is read here. */
export interface Answer {
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly (readonly number[])[] };
  readonly errorResponse?: { readonly errorCode: number; readonly errorMessage: string };
}

/** A server as it describes itself. */
export interface Reflected {
  /** The full names of the services it lists. */
  readonly services: readonly string[];
  /** All that belongs to them, and the `google.rpc` types of errors' details. */
  readonly registry: FileRegistry;
}

/** Asks a server for what a tool without `.proto` files needs to know: its services, their files, and all imports. */
export async function reflect(
  target: string,
  version: typeof REFLECTION_VERSIONS[number] = "v1",
): Promise<Reflected> {
  const [listing] = await askReflection(target, version, [{ listServices: "*" }]);
  const services = listing?.listServicesResponse?.service.map(({ name }) => name) ?? [];
  const symbols = [...services, "google.rpc.Status", "google.rpc.ErrorInfo"];
  const answers = await askReflection(target, version, symbols.map((s) => ({ fileContainingSymbol: s })));
  const files = new Map(answers.flatMap(filesIn).map((file) => [file.name, file]));
  const roots = [...files.values()].map((file) => createFileRegistry(file, (name) => files.get(name)));
  return { services, registry: createFileRegistry(...roots) };
}

/** The files of an answer. */
export function filesIn({ fileDescriptorResponse }: Answer): readonly FileDescriptorProto[] {
  return fileDescriptorResponse?.fileDescriptorProto
    .map((bytes) => fromBinary(FileDescriptorProtoSchema, Uint8Array.from(bytes))) ?? [];
}

/** Asks all questions on one stream, as tools do, with the metadata of none: reflection is open. */
export async function askReflection(
  target: string,
  version: typeof REFLECTION_VERSIONS[number],
  questions: readonly Question[],
): Promise<readonly Answer[]> {
  const ReflectionClient = clientClass(version);
  const client = new ReflectionClient(target, credentials.createInsecure());
  using _closing = { [Symbol.dispose]: () => client.close() };
  const stream = client.ServerReflectionInfo();
  for (const question of questions) stream.write(question);
  stream.end();
  return await Array.fromAsync<Answer>(stream);
}

interface ReflectionClient extends Client {
  ServerReflectionInfo(): ClientDuplexStream<Question, Answer>;
}

type ReflectionClientClass = new (target: string, credentials: ChannelCredentials) => ReflectionClient;

function clientClass(version: string): ReflectionClientClass {
  const name = `grpc.reflection.${version}.ServerReflection`;
  const definition = definitions().find((service) =>
    Object.values(service).some(({ path }) => path.startsWith(`/${name}/`))
  );
  if (definition === undefined) throw new TypeError(`${name} is not known`);
  // grpc-js makes the client from the definition: its method is that of reflection.proto.
  return makeClientConstructor(definition, name) as unknown as ReflectionClientClass;
}

/** The library keeps its definitions to itself, and gives them to servers. */
function definitions(): readonly ServiceDefinition[] {
  const given: ServiceDefinition[] = [];
  new ReflectionService({}).addToServer({ addService: (definition) => void given.push(definition) });
  return given;
}
