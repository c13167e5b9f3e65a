/**
 * Who calls: sessions, the service token, and passing the session on.
 *
 * @module
 */
export { type Caller, requireCaller, runWithCaller, type SessionContext } from "./caller_context.ts";
export { forwardSessionUUIDToGRPC } from "./forward_session.ts";
export { SERVICE_TOKEN_KEY, SESSION_UUID_KEY } from "./metadata.ts";
export { addServiceToken, type ServiceToken, serviceToken } from "./service_token.ts";
export { currentSession, requireSession, runWithSession } from "./session_context.ts";
export { createSessionUuid, parseSessionUuid, type SessionUuid } from "./session_uuid.ts";
