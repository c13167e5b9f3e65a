import type { Hono } from "hono";
import { HTTPException } from "hono/http-exception";

/**
 * Answers 405 with `Allow` where a path exists but not for the request's method (RFC 9110, 15.5.6).
 * Call it once all routes are in place.
 */
export function refuseOtherMethods(app: Hono): void {
  for (const [path, methods] of methodsByPath(app)) {
    const allow = [...methods].sort().join(", ");
    app.all(path, (c) => {
      const res = new Response(null, { headers: { Allow: allow } });
      throw new HTTPException(405, { message: `${c.req.method} is not allowed here; ${allow} is`, res });
    });
  }
}

function methodsByPath(app: Hono): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue;
    const methods = found.get(path) ?? new Set();
    methods.add(method);
    // Hono answers HEAD wherever it answers GET.
    if (method === "GET") methods.add("HEAD");
    found.set(path, methods);
  }
  return found;
}
