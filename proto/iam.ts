/**
 * IAM: `auth.v1.AuthService`, `user.v1.UserService` and their messages.
 *
 * @module
 */
export {
  type AuthServiceServer,
  AuthServiceService as AuthService,
  LoginRequest,
  LoginResponse,
  WhoamiRequest,
  WhoamiResponse,
} from "./gen/auth/v1/auth.ts";
export {
  GetUserRequest,
  GetUserResponse,
  RegisterRequest,
  RegisterResponse,
  UserRegistrationInfo,
  type UserServiceServer,
  UserServiceService as UserService,
} from "./gen/user/v1/user.ts";
export { Session } from "./gen/common/v1/session.ts";
export { NotificationMethod, User, UserInfo } from "./gen/common/v1/user.ts";
