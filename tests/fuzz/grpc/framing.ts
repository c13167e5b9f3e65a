import type { OutgoingHttpHeaders } from "node:http2";
import { deflateSync, gzipSync } from "node:zlib";
import { frameOf } from "../../support/grpc_frame.ts";

/** What is sent for a message. */
export interface Framed {
  readonly body: Uint8Array;
  readonly headers: OutgoingHttpHeaders;
}

/** A way to send a message. */
type Framing = (message: Uint8Array) => Framed;

/** Framings that deliver the message unchanged. */
const WHOLE = {
  "one frame": (message) => plain(frameOf(message)),
} as const satisfies Readonly<Record<string, Framing>>;

/** Framings that are invalid, or compressed, which no service accepts. */
const BROKEN = {
  "gzip": (message) => compressed("gzip", gzipSync(message)),
  "deflate": (message) => compressed("deflate", deflateSync(message)),
  "a flag that there is not": (message) => plain(frameOf(message, { flag: 255 })),
  "compressed, and not said how": (message) => plain(frameOf(message, { flag: 1 })),
  "compressed in an unknown way": (message) => compressed("snappy", message),
  "invalid gzip": (message) => compressed("gzip", message),
  "gzip cut off": (message) => compressed("gzip", gzipSync(message).subarray(0, -3)),
  "gzip with more behind it": (message) =>
    compressed("gzip", Buffer.concat([gzipSync(message), message, END])),
  "gzip that grows": () => compressed("gzip", BOMB),
  "invalid deflate": (message) => compressed("deflate", message),
  "a length too great": (message) => plain(frameOf(message, { length: message.length + 1 })),
  "a length below zero": (message) => plain(frameOf(message, { length: 2 ** 32 - 1 })),
  "a length too small": (message) => plain(frameOf(message, { length: Math.max(0, message.length - 1) })),
  "cut off": (message) => plain(frameOf(message).subarray(0, -1)),
  "half a head": (message) => plain(frameOf(message).subarray(0, 3)),
  "nothing": () => plain(new Uint8Array()),
  "two messages": (message) => plain(Buffer.concat([frameOf(message), frameOf(message)])),
  "more behind it": (message) => plain(Buffer.concat([frameOf(message), END])),
  "no frame": (message) => plain(Buffer.concat([END, message])),
} as const satisfies Readonly<Record<string, Framing>>;

/** The names of the ways. */
export type FramingName = keyof typeof WHOLE | keyof typeof BROKEN;

/** The valid framings. */
// The tables are closed, so their keys are these.
export const WHOLE_FRAMINGS = Object.keys(WHOLE) as readonly FramingName[];

/** The invalid framings. */
export const BROKEN_FRAMINGS = Object.keys(BROKEN) as readonly FramingName[];

/** Whether the other side gets the message as it is. */
export function isWhole(name: FramingName): boolean {
  return WHOLE_FRAMINGS.includes(name);
}

/** Sends a message in one of the ways. */
export function framed(name: FramingName, message: Uint8Array): Framed {
  return { ...WHOLE, ...BROKEN }[name](message);
}

/** Bytes that are no part of a frame. */
const END = Uint8Array.of(0xff, 0xff, 0xff);

/** 64 MiB of zeros. */
const BOMB = gzipSync(new Uint8Array(64 * 1024 * 1024));

function plain(body: Uint8Array): Framed {
  return { body, headers: {} };
}

function compressed(encoding: string, bytes: Uint8Array): Framed {
  return { body: frameOf(bytes, { flag: 1 }), headers: { "grpc-encoding": encoding } };
}
