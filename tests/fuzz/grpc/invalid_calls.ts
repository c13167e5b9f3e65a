import type { OutgoingHttpHeaders } from "node:http2";

/** Headers of HTTP/2 requests that are not valid calls of an existing method. */
export const INVALID_CALLS: Readonly<Record<string, OutgoingHttpHeaders>> = {
  "an unknown method": { ":path": "/auth.v1.AuthService/Renew" },
  "an unknown service": { ":path": "/auth.v9.AuthService/Login" },
  "an empty path": { ":path": "/" },
  "an invalid path": { ":path": "*" },
  "a path named like an object's prototype": { ":path": "/__proto__/constructor" },
  "a path that is not a valid header value": { ":path": "/a\u0001b\u007f/é%00%zz" },
  "a long path": { ":path": `/${"x".repeat(6_000)}` },
  "another HTTP method": { ":method": "DELETE" },
  "another content type": { "content-type": "text/plain" },
  "an empty content type": { "content-type": "" },
  "an unsupported message format": { "content-type": "application/grpc+json" },
  "more headers than allowed": { "x-long": "x".repeat(70_000) },
};
