import type { OutgoingHttpHeaders } from "node:http2";

/** Headers of what is HTTP/2, and no call of a method that there is. */
export const ASTRAY: Readonly<Record<string, OutgoingHttpHeaders>> = {
  "a method that there is not": { ":path": "/auth.v1.AuthService/Logout" },
  "a service that there is not": { ":path": "/auth.v9.AuthService/Login" },
  "no path to speak of": { ":path": "/" },
  "a path that is none": { ":path": "*" },
  "a path that objects have": { ":path": "/__proto__/constructor" },
  "a path that no header repeats": { ":path": "/a\u0001b\u007f/é%00%zz" },
  "a path of some length": { ":path": `/${"x".repeat(6_000)}` },
  "another verb": { ":method": "DELETE" },
  "another content": { "content-type": "text/plain" },
  "no content to speak of": { "content-type": "" },
  "content of a kind that nobody reads": { "content-type": "application/grpc+json" },
  "more headers than anyone reads": { "x-long": "x".repeat(70_000) },
};
