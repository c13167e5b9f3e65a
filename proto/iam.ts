/**
 * IAM: `auth.v1.AuthService`, `auth.v1.SessionService`, `user.v1.UserService` and their messages, and the schemas, document and paths of the HTTP
 * API.
 *
 * @module
 */
export {
  type AuthServiceServer,
  AuthServiceService as AuthService,
  LoginRequest,
  LoginResponse,
  LogoutRequest,
  LogoutResponse,
  WhoamiRequest,
  WhoamiResponse,
} from "./gen/auth/v1/auth.ts";
export {
  ListSessionsRequest,
  ListSessionsResponse,
  RevokeOtherSessionsRequest,
  RevokeOtherSessionsResponse,
  RevokeSessionRequest,
  RevokeSessionResponse,
  type SessionServiceServer,
  SessionServiceService as SessionService,
  SessionView,
} from "./gen/auth/v1/sessions.ts";
export {
  AccountTokenPurpose,
  ChangePasswordRequest,
  ChangePasswordResponse,
  DeleteAccountRequest,
  DeleteAccountResponse,
  GetUserRequest,
  GetUserResponse,
  IssueAccountTokenRequest,
  IssueAccountTokenResponse,
  RegisterRequest,
  RegisterResponse,
  RequestEmailVerificationRequest,
  RequestEmailVerificationResponse,
  RequestPasswordResetRequest,
  RequestPasswordResetResponse,
  ResetPasswordRequest,
  ResetPasswordResponse,
  UpdateProfileRequest,
  UpdateProfileResponse,
  UserRegistrationInfo,
  type UserServiceServer,
  UserServiceService as UserService,
  VerifyEmailRequest,
  VerifyEmailResponse,
} from "./gen/user/v1/user.ts";
export * as iamApi from "./gen/iam/v1/iam_api.ts";
export { document as iamDocument } from "./gen/iam/v1/iam_document.ts";
export type { paths as IamPaths } from "./gen/iam/v1/iam_paths.ts";
export { Session } from "./gen/common/v1/session.ts";
export { NotificationMethod, User, UserInfo } from "./gen/common/v1/user.ts";
