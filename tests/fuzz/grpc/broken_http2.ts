/** The connection preface of every client (RFC 9113, 3.4). */
const PREFACE = text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Frame types (RFC 9113, 6). */
const DATA = 0;
const HEADERS = 1;
const PRIORITY = 2;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const GOAWAY = 7;
const WINDOW_UPDATE = 8;
const CONTINUATION = 9;

const END_HEADERS = 4;

/** `POST http /`, from HPACK's static table (RFC 7541, A). */
const REQUEST = Uint8Array.of(0x83, 0x86, 0x84);

const HANDSHAKE = [PREFACE, frame(SETTINGS)];

/** Bytes that are not valid HTTP/2, or abuse it. */
export const BROKEN_HTTP2: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "nothing": bytes(),
  "an HTTP/1.1 request": text("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
  "a TLS ClientHello": Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03),
  "half a preface": bytes(PREFACE.subarray(0, 10)),
  "random bytes after the preface": bytes(PREFACE, new Uint8Array(5_000).map((_, at) => at * 7919 % 251)),
  "settings of an invalid length": bytes(PREFACE, frame(SETTINGS, { payload: new Uint8Array(5) })),
  "settings on a stream": bytes(PREFACE, frame(SETTINGS, { stream: 1 })),
  "a window update of zero": bytes(...HANDSHAKE, frame(WINDOW_UPDATE, { payload: new Uint8Array(4) })),
  "a window that overflows": bytes(
    ...HANDSHAKE,
    ...Array(2).fill(frame(WINDOW_UPDATE, { payload: uint32(2 ** 31 - 1) })),
  ),
  "data on stream 0": bytes(...HANDSHAKE, frame(DATA, { payload: new Uint8Array(9) })),
  "data on a stream that was never opened": bytes(
    ...HANDSHAKE,
    frame(DATA, { stream: 1, payload: new Uint8Array(9) }),
  ),
  "headers that can't be decompressed": bytes(
    ...HANDSHAKE,
    headers({ payload: new Uint8Array(50).fill(0xff) }),
  ),
  "headers of a stream that only a server may open": bytes(...HANDSHAKE, headers({ stream: 2 })),
  "headers of a closed stream": bytes(...HANDSHAKE, headers({ stream: 5 }), headers({ stream: 3 })),
  "headers interrupted by data": bytes(
    ...HANDSHAKE,
    frame(HEADERS, { stream: 1, payload: REQUEST }),
    frame(DATA, { stream: 1, payload: REQUEST }),
  ),
  "headers without an end": bytes(
    ...HANDSHAKE,
    frame(HEADERS, { stream: 1, payload: REQUEST }),
    ...Array(2_000).fill(frame(CONTINUATION, { stream: 1, payload: new Uint8Array(100) })),
  ),
  "a stream that depends on itself": bytes(
    ...HANDSHAKE,
    frame(PRIORITY, { stream: 1, payload: bytes(uint32(1), Uint8Array.of(0)) }),
  ),
  "a frame that is too large": bytes(
    ...HANDSHAKE,
    frame(DATA, { stream: 1, length: 2 ** 24 - 1, payload: new Uint8Array(50_000) }),
  ),
  "a truncated frame": bytes(...HANDSHAKE, headers({}).subarray(0, 10)),
  "frames of unknown types": bytes(
    ...HANDSHAKE,
    ...Array.from({ length: 246 }, (_, n) => frame(n + 10, { stream: 1 })),
  ),
  "a GOAWAY at once": bytes(...HANDSHAKE, frame(GOAWAY, { payload: new Uint8Array(8) })),
  "streams that are reset as soon as they are opened": bytes(
    ...HANDSHAKE,
    ...Array.from({ length: 3_000 }, (_, n) => bytes(headers({ stream: 2 * n + 1 }), reset(2 * n + 1))),
  ),
  "streams that are never ended": bytes(
    ...HANDSHAKE,
    ...Array.from({ length: 3_000 }, (_, n) => headers({ stream: 2 * n + 1 })),
  ),
  "a flood of pings": bytes(
    ...HANDSHAKE,
    ...Array(20_000).fill(frame(PING, { payload: new Uint8Array(8) })),
  ),
  "a flood of settings": bytes(...HANDSHAKE, ...Array(20_000).fill(frame(SETTINGS))),
};

interface FrameParts {
  readonly flags?: number;
  readonly stream?: number;
  readonly payload?: Uint8Array;
  /** The length that the frame claims for its payload. */
  readonly length?: number;
}

/** Encodes a frame (RFC 9113, 4.1). */
function frame(
  type: number,
  { flags = 0, stream = 0, payload = new Uint8Array(), length = payload.length }: FrameParts = {},
): Uint8Array {
  return bytes(uint32(length).subarray(1), Uint8Array.of(type, flags), uint32(stream), payload);
}

function headers({ stream = 1, payload = REQUEST }: FrameParts): Uint8Array {
  return frame(HEADERS, { flags: END_HEADERS, stream, payload });
}

function reset(stream: number): Uint8Array {
  return frame(RST_STREAM, { stream, payload: uint32(8) });
}

function uint32(value: number): Uint8Array {
  const encoded = new Uint8Array(4);
  new DataView(encoded.buffer).setUint32(0, value);
  return encoded;
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value);
}

function bytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}
