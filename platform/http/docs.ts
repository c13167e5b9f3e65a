import type { Hono, MiddlewareHandler } from "hono";
import { etag } from "hono/etag";
import { securityHeaders } from "./browser_headers.ts";
import { ASSETS_PATH, DOCS_ASSETS, DOCS_PAGE_POLICY, renderDocsPage } from "./docs_page.ts";

/** An OpenAPI document, as JSON. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

/** The files of Swagger UI that the page loads, and their media types. */
const ASSETS = [
  ["swagger-ui-bundle.js", "text/javascript; charset=utf-8"],
  ["swagger-ui.css", "text/css; charset=utf-8"],
] as const;

/** An AsyncAPI document, as JSON. */
export type AsyncApiDocument = Readonly<Record<string, unknown>>;

/**
 * Adds `/openapi.json`, the document, and `/docs`, a page to read it and try each call, both open to all. Everything
 * that the page loads comes from this process.
 *
 * @param events Describes the events of the service; served as `/asyncapi.json`.
 */
export function addDocsRoutes(app: Hono, document: OpenApiDocument, events?: AsyncApiDocument): void {
  // Without `servers`, the document is about the server that it was loaded from, whatever its host and port.
  const { servers: _, ...served } = document;
  const page = renderDocsPage(titleOf(document));
  const secured = securityHeaders(DOCS_PAGE_POLICY);
  app.get("/openapi.json", secured, etag(), cacheControl("no-cache"), (c) => c.json(served));
  if (events !== undefined) {
    app.get("/asyncapi.json", secured, etag(), cacheControl("no-cache"), (c) => c.json(events));
  }
  app.get("/docs", secured, etag(), cacheControl("no-cache"), (c) => c.html(page));
  for (const [file, type] of ASSETS) {
    const cachedForGood = cacheControl("public, max-age=31536000, immutable");
    let reading: Promise<Uint8Array<ArrayBuffer>> | undefined;
    app.get(`/${ASSETS_PATH}/${file}`, secured, cachedForGood, async (c) => {
      const bytes = await (reading ??= Deno.readFile(new URL(file, DOCS_ASSETS)));
      const headers = { "Content-Type": type, "Content-Length": String(bytes.byteLength) };
      return c.body(inPieces(bytes), 200, headers);
    });
  }
}

/** How much of a file waits in memory for a client to read it, in bytes. */
const PIECE_BYTES = 64 * 1024;

/** Streams bytes that several answers share: a Response would copy them for each client, also for those that read nothing. */
function inPieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes.subarray(at, at += PIECE_BYTES));
      if (at >= bytes.byteLength) controller.close();
    },
  });
}

/** `no-cache` lets a browser keep an answer but has it revalidate each time (RFC 9111, 5.2.2.4). */
function cacheControl(value: string): MiddlewareHandler {
  return async (c, next) => {
    await next();
    c.header("Cache-Control", value);
  };
}

function titleOf({ info }: OpenApiDocument): string {
  const hasTitle = typeof info === "object" && info !== null && "title" in info;
  return hasTitle ? String(info.title) : "API";
}
