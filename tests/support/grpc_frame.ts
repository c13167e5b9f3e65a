/** False claims of a frame about its message (grpc.io, "PROTOCOL-HTTP2": Length-Prefixed-Message). */
export interface FrameLies {
  /** 0 for a message as it is, 1 for a compressed one; anything else is no flag. */
  readonly flag?: number;
  /** How many bytes the message is said to have, 0 to 2^32 - 1. */
  readonly length?: number;
}

const HEAD_BYTES = 5;

/** Puts a message into the frame that gRPC sends it in. */
export function frameOf(
  message: Uint8Array,
  { flag = 0, length = message.length }: FrameLies = {},
): Uint8Array {
  const frame = new Uint8Array(HEAD_BYTES + message.length);
  frame[0] = flag;
  new DataView(frame.buffer).setUint32(1, length);
  frame.set(message, HEAD_BYTES);
  return frame;
}

/**
 * The messages in the frames of a stream that has ended.
 *
 * @throws {RangeError} if the last is cut off.
 */
export function messagesIn(stream: Uint8Array): readonly Uint8Array[] {
  const messages: Uint8Array[] = [];
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (let at = 0; at < stream.length;) {
    const end = at + HEAD_BYTES + view.getUint32(at + 1);
    if (end > stream.length) {
      throw new RangeError(`a frame ends at ${end}, and the stream at ${stream.length}`);
    }
    messages.push(stream.subarray(at + HEAD_BYTES, end));
    at = end;
  }
  return messages;
}
