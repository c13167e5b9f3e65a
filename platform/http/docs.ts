import type { Hono, MiddlewareHandler } from "hono";
import { etag } from "hono/etag";
import { secureHeaders } from "hono/secure-headers";
import { ASSETS_PATH, DOCS_ASSETS, DOCS_PAGE_POLICY, renderDocsPage } from "./docs_page.ts";

/** An OpenAPI document, as JSON. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

/** The files of Swagger UI that the page loads, and what they are. */
const ASSETS = [
  ["swagger-ui-bundle.js", "text/javascript; charset=utf-8"],
  ["swagger-ui.css", "text/css; charset=utf-8"],
] as const;

/**
 * Adds `/openapi.json`, the contract, and `/docs`, a reference in which a person tries each call; both open to
 * all. Everything that the page needs comes from this process.
 */
export function addDocsRoutes(app: Hono, document: OpenApiDocument): void {
  // Without servers, the document is about the one that answers with it, whatever its host and port.
  const { servers: _, ...served } = document;
  const page = renderDocsPage(titleOf(document));
  const secured = secureHeaders({
    contentSecurityPolicy: DOCS_PAGE_POLICY,
    xFrameOptions: "DENY",
    // That a host is to be reached by TLS alone is for whoever ends the TLS to say.
    strictTransportSecurity: false,
  });
  app.get("/openapi.json", secured, etag(), cacheControl("no-cache"), (c) => c.json(served));
  app.get("/docs", secured, etag(), cacheControl("no-cache"), (c) => c.html(page));
  for (const [file, type] of ASSETS) {
    const forGood = cacheControl("public, max-age=31536000, immutable");
    app.get(`/${ASSETS_PATH}/${file}`, secured, forGood, async (c) => {
      return c.body(await Deno.readFile(new URL(file, DOCS_ASSETS)), 200, { "Content-Type": type });
    });
  }
}

/** `no-cache` lets a browser keep an answer and has it ask each time whether that is still good (RFC 9111). */
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
