import { createFileRegistry, type DescMessage, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "@rocket/proto/rpc";

/**
 * Makes a generated decoder refuse what the wire format forbids (protobuf.dev, "Encoding"). On its own, the decoder
 * silently stops at a field with number 0 or an end of group without a start, and replaces invalid UTF-8 with U+FFFD,
 * so that different passwords in Latin-1 become the same.
 *
 * @param path The method whose request is decoded, `/package.Service/Method`.
 * @param deserialize The generated `requestDeserialize`.
 * @returns A decoder that throws if the bytes are not a valid request of the method.
 * @throws {TypeError} if no contract has the method.
 */
export function decodeStrictly<Request>(
  path: string,
  deserialize: (bytes: Buffer) => Request,
): (bytes: Buffer) => Request {
  const desc = requestOf(path);
  return (bytes) => {
    walk(new BinaryReader(bytes), desc, bytes.length);
    const reader = new BinaryReader(bytes, (text) => utf8.decode(text));
    // A generated `requestDeserialize` passes its argument to `decode`, which also accepts a reader.
    return deserialize(reader as unknown as Buffer);
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads all fields of a message and of the messages in it; throws if one is malformed. */
function walk(reader: BinaryReader, desc: DescMessage, end: number): void {
  while (reader.pos < end) {
    // `tag` and `skip` throw for an invalid tag and for a field that is cut off.
    const [number, wireType] = reader.tag();
    const content = wireType === WireType.LengthDelimited ? messageAt(desc, number) : undefined;
    if (content === undefined) reader.skip(wireType, number);
    else {
      const length = reader.uint32();
      walk(reader, content, reader.pos + length);
    }
  }
  if (reader.pos !== end) throw new RangeError("a field extends past the end of its message");
}

function messageAt({ fields }: DescMessage, number: number): DescMessage | undefined {
  const field = fields.find((field) => field.number === number);
  // Map entries have no descriptor to check them with; no request has a map.
  return field?.fieldKind === "map" ? undefined : field?.message;
}

let contracts: FileRegistry | undefined;

function requestOf(path: string): DescMessage {
  contracts ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
  const [, service = "", method = ""] = path.split("/");
  const desc = contracts.getService(service)?.methods.find(({ name }) => name === method)?.input;
  if (desc === undefined) throw new TypeError(`${path} is in no contract`);
  return desc;
}
