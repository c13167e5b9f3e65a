import { type DescMessage, fromBinary, ScalarType, toBinary } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";

/** A change of one text of a message. */
export interface TextChange {
  /** Which of its texts, counted through all that it holds; past the last, from the first again. */
  readonly at: number;
  readonly text: string;
}

/** Puts one text in the place of another, and leaves all else of a message as it is. */
export function changeText(desc: DescMessage, bytes: Uint8Array, { at, text }: TextChange): Uint8Array {
  const message = fromBinary(desc, bytes);
  const setters = textsOf(reflect(desc, message));
  setters[at % setters.length]?.(text);
  return toBinary(desc, message);
}

/** Sets one text of a message. */
type SetText = (text: string) => void;

function textsOf(message: ReflectMessage): readonly SetText[] {
  return message.fields.flatMap((field): readonly SetText[] => {
    const isText = field.scalar === ScalarType.STRING;
    switch (field.fieldKind) {
      case "scalar":
        return isText ? [(text) => message.set(field, text)] : [];
      case "message":
        return message.isSet(field) ? textsOf(message.get(field)) : [];
      case "list": {
        const list = message.get(field);
        if (isText) return [...list.keys()].map((index) => (text) => list.set(index, text));
        // The list of a message field holds reflected messages.
        return field.message === undefined
          ? []
          : [...list].flatMap((item) => textsOf(item as ReflectMessage));
      }
      default:
        return [];
    }
  });
}
