import type { OutgoingHttpHeaders } from "node:http2";
import { deflateSync, gzipSync } from "node:zlib";
import { frameOf } from "../../support/grpc_frame.ts";

/** A request that carries a message. */
export interface Framed {
  readonly body: Uint8Array;
  readonly headers: OutgoingHttpHeaders;
}

/** Encodes a message as a request. */
type Framing = (message: Uint8Array) => Framed;

/** Framings that deliver the message unchanged. */
const WHOLE = {
  "one frame": (message) => plain(frameOf(message)),
} as const satisfies Readonly<Record<string, Framing>>;

/** Framings that are invalid, or compressed, which no service accepts. */
const BROKEN = {
  "gzip": (message) => compressed("gzip", gzipSync(message)),
  "deflate": (message) => compressed("deflate", deflateSync(message)),
  "an unknown flag": (message) => plain(frameOf(message, { flag: 255 })),
  "compressed without grpc-encoding": (message) => plain(frameOf(message, { flag: 1 })),
  "unknown compression": (message) => compressed("snappy", message),
  "invalid gzip": (message) => compressed("gzip", message),
  "truncated gzip": (message) => compressed("gzip", gzipSync(message).subarray(0, -3)),
  "gzip followed by extra bytes": (message) =>
    compressed("gzip", Buffer.concat([gzipSync(message), message, JUNK])),
  "a gzip bomb": () => compressed("gzip", BOMB),
  "invalid deflate": (message) => compressed("deflate", message),
  "a length that is too large": (message) => plain(frameOf(message, { length: message.length + 1 })),
  "a length of 4 GiB": (message) => plain(frameOf(message, { length: 2 ** 32 - 1 })),
  "a length that is too small": (message) =>
    plain(frameOf(message, { length: Math.max(0, message.length - 1) })),
  "truncated": (message) => plain(frameOf(message).subarray(0, -1)),
  "half a frame header": (message) => plain(frameOf(message).subarray(0, 3)),
  "nothing": () => plain(new Uint8Array()),
  "two messages": (message) => plain(Buffer.concat([frameOf(message), frameOf(message)])),
  "extra bytes after the frame": (message) => plain(Buffer.concat([frameOf(message), JUNK])),
  "not a frame": (message) => plain(Buffer.concat([JUNK, message])),
} as const satisfies Readonly<Record<string, Framing>>;

/** Names of all framings. */
export type FramingName = keyof typeof WHOLE | keyof typeof BROKEN;

/** Names of the valid framings. */
// The tables are closed, so their keys are these.
export const WHOLE_FRAMINGS = Object.keys(WHOLE) as readonly FramingName[];

/** Names of the invalid framings. */
export const BROKEN_FRAMINGS = Object.keys(BROKEN) as readonly FramingName[];

/** Whether this framing delivers the message unchanged. */
export function isWhole(name: FramingName): boolean {
  return WHOLE_FRAMINGS.includes(name);
}

/** Encodes a message as a request in this framing. */
export function framed(name: FramingName, message: Uint8Array): Framed {
  return { ...WHOLE, ...BROKEN }[name](message);
}

/** Bytes that do not belong to a frame. */
const JUNK = Uint8Array.of(0xff, 0xff, 0xff);

/** 64 MiB of zeros. */
const BOMB = gzipSync(new Uint8Array(64 * 1024 * 1024));

function plain(body: Uint8Array): Framed {
  return { body, headers: {} };
}

function compressed(encoding: string, bytes: Uint8Array): Framed {
  return { body: frameOf(bytes, { flag: 1 }), headers: { "grpc-encoding": encoding } };
}
