/**
 * HTTP doors: everything that they have in common.
 *
 * @module
 */
export { type AdminDoorOptions, createAdminDoor } from "./admin_door.ts";
export { type ApiOptions, createApi } from "./api.ts";
export { authMiddleware, SERVICE_TOKEN_HEADER, SESSION_UUID_HEADER } from "./auth_middleware.ts";
export type { OpenApiDocument } from "./docs.ts";
export { DOCS_ASSETS } from "./docs_page.ts";
export { createHttpDoor, type HttpDoorOptions } from "./door.ts";
export { type ErrorBody, type Refusal } from "./error_answer.ts";
export { addHealthRoutes, type Readiness } from "./health_routes.ts";
export { jsonBody, readBody } from "./json_body.ts";
export { headerParams, pathParams, queryParams } from "./params.ts";
export { rateLimitMiddleware } from "./rate_limit_middleware.ts";
export { type HttpHandler, serveHttp } from "./server.ts";
