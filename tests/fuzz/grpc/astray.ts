import type { OutgoingHttpHeaders } from "node:http2";

/** Headers of what is HTTP/2, and no call of a method that there is. */
export const ASTRAY: Readonly<Record<string, OutgoingHttpHeaders>> = {
  "a method that there is not": { ":path": "/auth.v1.AuthService/Logout" },
  "a service that there is not": { ":path": "/auth.v9.AuthService/Login" },
  "no path to speak of": { ":path": "/" },
  "an invalid path": { ":path": "*" },
  "a path that objects have": { ":path": "/__proto__/constructor" },
  "a path that no header repeats": { ":path": "/a\u0001b\u007f/é%00%zz" },
  "a path of some length": { ":path": `/${"x".repeat(6_000)}` },
  "another verb": { ":method": "DELETE" },
  "another content": { "content-type": "text/plain" },
  "an empty content type": { "content-type": "" },
  "a message format that is not supported": { "content-type": "application/grpc+json" },
  "more headers than allowed": { "x-long": "x".repeat(70_000) },
};
