/** Broken or truncated HTTP requests, by what is wrong with them. */
export const BROKEN_HTTP: Readonly<Record<string, string>> = {
  "not HTTP at all": "\u0000\u0001\u0002\r\n\r\n",
  "an HTTP/2 preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "a body shorter than its length": "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
  "two lengths":
    "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
  "a negative length": "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
  "a broken chunk": "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
  "a header without an end": `GET /api/v1/orders HTTP/1.1\r\nX-Session-Uuid: ${"a".repeat(100_000)}`,
};
