/** Values for a frame's prefix other than those of its message (grpc.io, "PROTOCOL-HTTP2": Length-Prefixed-Message). */
export interface FramePrefix {
  /** 0 for an uncompressed message, 1 for a compressed one; anything else is invalid. */
  readonly flag?: number;
  /** The message's length in bytes, 0 to 2^32 - 1. */
  readonly length?: number;
}

const PREFIX_BYTES = 5;

/** Wraps a message in a gRPC frame. */
export function frameOf(
  message: Uint8Array,
  { flag = 0, length = message.length }: FramePrefix = {},
): Uint8Array {
  const frame = new Uint8Array(PREFIX_BYTES + message.length);
  frame[0] = flag;
  new DataView(frame.buffer).setUint32(1, length);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

/**
 * The messages in the frames of a complete stream.
 *
 * @throws {RangeError} if the last frame is truncated.
 */
export function messagesIn(stream: Uint8Array): readonly Uint8Array[] {
  const messages: Uint8Array[] = [];
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (let at = 0; at < stream.length;) {
    const end = at + PREFIX_BYTES + view.getUint32(at + 1);
    if (end > stream.length) {
      throw new RangeError(`a frame ends at ${end}, but the stream at ${stream.length}`);
    }
    messages.push(stream.subarray(at + PREFIX_BYTES, end));
    at = end;
  }
  return messages;
}
