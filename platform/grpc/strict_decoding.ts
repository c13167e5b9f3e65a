import { createFileRegistry, type DescMessage, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "@rocket/proto/rpc";

/**
 * Makes a generated decoder refuse what the wire format forbids (protobuf.dev, "Encoding"). By itself it stops at a
 * field with number 0 or at the end of a group that never began, reads on as if nothing were wrong, and puts U+FFFD
 * for what is no UTF-8, so that two passwords in Latin-1 become one.
 *
 * @param path The method whose request is decoded, `/package.Service/Method`.
 * @param deserialize The generated `requestDeserialize`.
 * @returns A decoder that throws for bytes that are no such request.
 * @throws {TypeError} where no contract has the method.
 */
export function decodeStrictly<Request>(
  path: string,
  deserialize: (bytes: Buffer) => Request,
): (bytes: Buffer) => Request {
  const desc = requestOf(path);
  return (bytes) => {
    walk(new BinaryReader(bytes), desc, bytes.length);
    const reader = new BinaryReader(bytes, (text) => utf8.decode(text));
    // A generated `requestDeserialize` hands on what it is given to `decode`, which takes a reader as well.
    return deserialize(reader as unknown as Buffer);
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads over a message's fields, and those of the messages in it, to their very end. */
function walk(reader: BinaryReader, desc: DescMessage, end: number): void {
  while (reader.pos < end) {
    // These two refuse what is no tag, and what does not end.
    const [number, wireType] = reader.tag();
    const content = wireType === WireType.LengthDelimited ? messageAt(desc, number) : undefined;
    if (content === undefined) reader.skip(wireType, number);
    else {
      const length = reader.uint32();
      walk(reader, content, reader.pos + length);
    }
  }
  if (reader.pos !== end) throw new RangeError("a field goes past the end of its message");
}

function messageAt({ fields }: DescMessage, number: number): DescMessage | undefined {
  const field = fields.find((field) => field.number === number);
  // A map's entries have no descriptor to be read by; no request has a map.
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
