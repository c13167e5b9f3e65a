import { type DescMessage, fromBinary, ScalarType, toBinary } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";

/** A new value for one string of a message. */
export interface StringChange {
  /** Index of the string among all strings of the message, nested ones included; wraps around past the last. */
  readonly at: number;
  readonly text: string;
}

/** Replaces one string of a message, and leaves the rest as it is. */
export function changeString(desc: DescMessage, bytes: Uint8Array, { at, text }: StringChange): Uint8Array {
  const message = fromBinary(desc, bytes);
  const setters = stringSetters(reflect(desc, message));
  setters[at % setters.length]?.(text);
  return toBinary(desc, message);
}

/** Sets one string of a message. */
type SetString = (text: string) => void;

function stringSetters(message: ReflectMessage): readonly SetString[] {
  return message.fields.flatMap((field): readonly SetString[] => {
    const isString = field.scalar === ScalarType.STRING;
    switch (field.fieldKind) {
      case "scalar":
        return isString ? [(text) => message.set(field, text)] : [];
      case "message":
        return message.isSet(field) ? stringSetters(message.get(field)) : [];
      case "list": {
        const list = message.get(field);
        if (isString) return [...list.keys()].map((index) => (text) => list.set(index, text));
        // The list of a message field holds reflected messages.
        return field.message === undefined
          ? []
          : [...list].flatMap((item) => stringSetters(item as ReflectMessage));
      }
      default:
        return [];
    }
  });
}
