import swaggerUi from "swagger-ui-dist/package.json" with { type: "json" };

/** The folder of Swagger UI, which the reference at `/docs` is read by: the one that its package brings. */
export const DOCS_ASSETS = new URL("./", import.meta.resolve("swagger-ui-dist/package.json")).href;

/** The version of what lies in it; a part of every asset's path, so that a browser may keep them for good. */
export const DOCS_ASSETS_VERSION = swaggerUi.version;
