import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import swaggerUi from "swagger-ui-dist/package.json" with { type: "json" };

/** The folder of Swagger UI's own files, in its package. */
export const DOCS_ASSETS = new URL("./", import.meta.resolve("swagger-ui-dist/package.json")).href;

/** The path of Swagger UI's files, relative to the origin; it has the version, so browsers may cache them for good. */
export const ASSETS_PATH = `docs/${swaggerUi.version}`;

const START = `
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
// Swagger UI would send the examples of parameters that are left alone: an old cursor, one key for every order.
const withoutExample = (_, value) => value?.required === false ? { ...value, example: undefined } : value;
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  responseInterceptor(answer) {
    if (answer.url.endsWith("/openapi.json")) {
      answer.text = JSON.stringify(JSON.parse(answer.text, withoutExample));
    }
    return answer;
  },
});
`;

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; background: Canvas; }
`;

const ICON = "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><text y="13">🚀</text></svg>',
  );

/** Renders the page at `/docs`. Its URLs are relative, so that it also works behind a path prefix. */
export function renderDocsPage(title: string) {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <link rel="icon" href="${ICON}">
        <link rel="stylesheet" href="${ASSETS_PATH}/swagger-ui.css">
        <style>${raw(STYLE)}</style>
      </head>
      <body>
        <noscript>This page needs JavaScript; it shows <a href="openapi.json">openapi.json</a>.</noscript>
        <div id="reference"></div>
        <script src="${ASSETS_PATH}/swagger-ui-bundle.js"></script>
        <script>${raw(START)}</script>
      </body>
    </html>
  `;
}

/** The Content-Security-Policy of the page: its own inline script and style, and its own origin only. */
export const DOCS_PAGE_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'", hashOf(START)],
  styleSrc: ["'self'", hashOf(STYLE)],
  // The icons in Swagger UI's style sheet, and the page's own.
  imgSrc: ["'self'", "data:"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** The source expression that allows one inline element (CSP 3, 2.3.1). */
function hashOf(inline: string): string {
  return `'sha256-${createHash("sha256").update(inline).digest("base64")}'`;
}
