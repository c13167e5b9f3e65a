import {
  createFileRegistry,
  type DescField,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  ScalarType,
} from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "@rocket/proto/rpc";
import { InvalidArgument } from "../core/failure.ts";

/**
 * The most elements of a repeated field in a request. It bounds the memory that decoding takes; what a field means may
 * allow fewer, and its own rule says so in better words.
 */
export const MAX_ELEMENTS = 2_000;

/**
 * Makes a generated decoder refuse what the wire format forbids (protobuf.dev, "Encoding"). On its own, the decoder
 * silently stops at a field with number 0 or an end of group without a start, and replaces invalid UTF-8 with U+FFFD,
 * so that different passwords in Latin-1 become the same. Elements of repeated fields are counted before any is decoded:
 * an empty one is two bytes on the wire and far more in memory.
 *
 * @param path The method whose request is decoded, `/package.Service/Method`.
 * @param deserialize The generated `requestDeserialize`.
 * @returns A decoder that throws if the bytes are not a valid request of the method, and {@linkcode InvalidArgument},
 * naming every field, if one has more than {@linkcode MAX_ELEMENTS} elements.
 * @throws {TypeError} if no contract has the method.
 */
export function decodeStrictly<Request>(
  path: string,
  deserialize: (bytes: Buffer) => Request,
): (bytes: Buffer) => Request {
  const desc = requestOf(path);
  return (bytes) => {
    const walked = { bytes, reader: new BinaryReader(bytes), counts: new Map<string, number>() };
    walk(walked, desc, bytes.length, "");
    refuseTooMany(walked.counts);
    const reader = new BinaryReader(bytes, (text) => utf8.decode(text));
    // A generated `requestDeserialize` passes its argument to `decode`, which also accepts a reader.
    return deserialize(reader as unknown as Buffer);
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A request that is being walked. */
interface Walked {
  readonly bytes: Uint8Array;
  readonly reader: BinaryReader;
  /** The number of elements of each repeated field so far, by the field's path. */
  readonly counts: Map<string, number>;
}

/**
 * Reads all fields of a message and of the messages in it; throws if one is malformed.
 *
 * @param path The path of the message, with a dot behind it; empty for the request itself.
 */
function walk(walked: Walked, desc: DescMessage, end: number, path: string): void {
  const { bytes, reader, counts } = walked;
  while (reader.pos < end) {
    // `tag` and `skip` throw for an invalid tag and for a field that is cut off.
    const [number, wireType] = reader.tag();
    const start = reader.pos;
    const field = desc.fields.find((field) => field.number === number);
    const content = wireType === WireType.LengthDelimited ? messageOf(field) : undefined;
    if (content === undefined) reader.skip(wireType, number);
    else {
      const length = reader.uint32();
      walk(walked, content, reader.pos + length, `${path}${field?.name}.`);
    }
    if (field?.fieldKind !== "list") continue;
    const name = path + field.name;
    const count = isPacked(field, wireType) ? countVarints(bytes.subarray(start, reader.pos)) - 1 : 1;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  if (reader.pos !== end) throw new RangeError("a field extends past the end of its message");
}

function messageOf(field: DescField | undefined): DescMessage | undefined {
  // Map entries have no descriptor to check them with; no request has a map.
  return field?.fieldKind === "map" ? undefined : field?.message;
}

function isPacked(field: DescField, wireType: WireType): boolean {
  return wireType === WireType.LengthDelimited && field.message === undefined &&
    field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES;
}

/** Counts the numbers in a packed field, its length included. Numbers of fixed size take no more memory decoded. */
function countVarints(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => byte < 0x80 ? count + 1 : count, 0);
}

function refuseTooMany(counts: ReadonlyMap<string, number>): void {
  const violations = [...counts].filter(([, count]) => count > MAX_ELEMENTS).map(([field]) => ({
    field,
    message: `must have at most ${MAX_ELEMENTS} values`,
  }));
  if (violations.length > 0) throw new InvalidArgument(violations);
}

let contracts: FileRegistry | undefined;

function requestOf(path: string): DescMessage {
  contracts ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
  const [, service = "", method = ""] = path.split("/");
  const desc = contracts.getService(service)?.methods.find(({ name }) => name === method)?.input;
  if (desc === undefined) throw new TypeError(`${path} is in no contract`);
  return desc;
}
