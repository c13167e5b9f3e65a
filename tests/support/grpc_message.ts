import { type DescField, type DescMessage, type FileRegistry, fromBinary, toJson } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";

/**
 * Checks a response's message against its descriptor: no unknown field or enum value, no missing field (a message
 * field may be missing if the contract says `optional`), well-known types within their ranges, and a UUID in every
 * string whose name says so.
 *
 * @returns One message for each violation of the contract.
 */
export function messageFaults(
  desc: DescMessage,
  bytes: Uint8Array,
  registry: FileRegistry,
): readonly string[] {
  try {
    const message = fromBinary(desc, bytes);
    // Throws for a timestamp or duration out of range.
    toJson(desc, message, { registry });
    return faultsWithin(reflect(desc, message), desc.name);
  } catch (error) {
    return [`${desc.name}: ${error}`];
  }
}

function faultsWithin(message: ReflectMessage, path: string): readonly string[] {
  const { desc } = message;
  return [
    ...(message.getUnknown() ?? []).map(({ no }) => `${path} has field ${no}, which is not in the contract`),
    ...desc.oneofs.filter((oneof) => message.oneofCase(oneof) === undefined)
      .map(({ name }) => `${path}.${name} is not set`),
    ...desc.fields.flatMap((field) => fieldFaults(message, field, `${path}.${field.name}`)),
  ];
}

function fieldFaults(message: ReflectMessage, field: DescField, path: string): readonly string[] {
  const isOptional = field.oneof !== undefined || field.proto.proto3Optional;
  if (isOptional && !message.isSet(field)) return [];
  switch (field.fieldKind) {
    case "message":
      return message.isSet(field) ? faultsWithin(message.get(field), path) : [`${path} is not set`];
    case "list":
      return [...message.get(field)].flatMap((value, index) =>
        valueFaults(field, value, `${path}[${index}]`)
      );
    case "map":
      return [...message.get(field)].flatMap(([key, value]) => valueFaults(field, value, `${path}[${key}]`));
    default:
      return valueFaults(field, message.get(field), path);
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function valueFaults(field: DescField, value: unknown, path: string): readonly string[] {
  if (field.message !== undefined) {
    // Reflection wraps values of a message type in a list or map.
    return faultsWithin(value as ReflectMessage, path);
  }
  if (field.enum !== undefined) {
    const named = field.enum.values.find(({ number }) => number === value)?.name;
    return named === undefined || named.endsWith("_UNSPECIFIED") ? [`${path} is ${named ?? value}`] : [];
  }
  return /(^|_)uuids?$/.test(field.name) && !UUID.test(String(value))
    ? [`${path} is not a UUID: ${value}`]
    : [];
}
