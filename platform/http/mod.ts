/**
 * HTTP servers: what every HTTP door has.
 *
 * @module
 */
export { authMiddleware, SERVICE_TOKEN_HEADER, SESSION_UUID_HEADER } from "./auth_middleware.ts";
export { createHttpDoor, type HttpDoorOptions } from "./door.ts";
export { type ErrorBody, httpErrorHandler, type Refusal } from "./error_answer.ts";
export { addHealthRoutes, type Readiness } from "./health_routes.ts";
export { BODY_LIMIT_BYTES, jsonBody, limitBody } from "./json_body.ts";
export { refuseOtherMethods } from "./method_not_allowed.ts";
export { httpNotFoundHandler } from "./not_found.ts";
export { headerParams, pathParams, queryParams } from "./params.ts";
export { requestMiddleware } from "./request_middleware.ts";
export { type HttpHandler, type HttpServer, serveHttp } from "./server.ts";
