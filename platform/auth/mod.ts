/**
 * Who calls: the authority check, sessions, the service token, and passing the session on.
 *
 * @module
 */
export {
  type Access,
  type Authorize,
  createAuthorize,
  type Credentials,
  type GuardedAccess,
  type SessionVerifier,
} from "./authorize.ts";
export {
  type Caller,
  type CallerSession,
  currentSession,
  requireCaller,
  requireSession,
  runWithCaller,
} from "./caller.ts";
export { forwardSessionUUIDToGRPC } from "./forward_session.ts";
export { SERVICE_TOKEN_KEY, SESSION_UUID_KEY, textValue } from "./metadata.ts";
export {
  addServiceToken,
  SERVICE_NAMES,
  type ServiceToken,
  serviceToken,
  type ServiceTrust,
} from "./service_token.ts";
export { createSessionVerifier, type WhoamiClient } from "./session_verifier.ts";
export { createSessionUuid, parseSessionUuid, type SessionUuid } from "./session_uuid.ts";
