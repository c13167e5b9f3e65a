import { status as Code } from "@grpc/grpc-js";
import { readErrorDetails } from "@rocket/platform/grpc";
import { type CallRefused, errorOf, type Outcome } from "@rocket/platform/testing/raw-client";
import type { iamApi } from "@rocket/proto/iam";
import { fetchIam } from "./iam_client.ts";
import type { System } from "./system.ts";

/** What a caller learns from a call through either of IAM's doors. */
export interface Answer {
  /** The HTTP status, or the one that the gRPC status corresponds to. */
  readonly status: number;
  /** The stable reason of a refusal. */
  readonly reason?: string;
  readonly message?: string;
  /** The fields that break their rules, by their path within the registration. */
  readonly fields?: readonly string[];
  /** Whether the answer says when to try again. */
  readonly isRetryable?: boolean;
}

/** One of IAM's doors, as an attacker uses it. */
export interface IamDoor {
  register(registration: iamApi.RegisterBody): Promise<Answer>;
  logIn(login: string, password: string): Promise<Answer>;
  whoami(sessionUuid: string): Promise<Answer>;
  listSessions(sessionUuid: string): Promise<Answer>;
  endSession(sessionUuid: string, handle: string, password: string): Promise<Answer>;
  endOthers(sessionUuid: string, password: string): Promise<Answer>;
  changePassword(sessionUuid: string, oldPassword: string, newPassword: string): Promise<Answer>;
  changeEmail(sessionUuid: string, email: string, password: string): Promise<Answer>;
  deleteAccount(sessionUuid: string, password: string): Promise<Answer>;
  requestPasswordReset(email: string): Promise<Answer>;
  resetPassword(token: string, newPassword: string): Promise<Answer>;
  requestEmailVerification(sessionUuid: string): Promise<Answer>;
  verifyEmail(token: string): Promise<Answer>;
}

/** IAM's doors, by protocol. */
export function iamDoors(system: System): Readonly<Record<"gRPC" | "HTTP", IamDoor>> {
  const { auth, sessions, user } = system;
  const inSession = (sessionUuid: string) => ({ "session-uuid": sessionUuid });
  const send = (sessionUuid: string, path: string, body: object, method = "POST") =>
    readResponse(fetchIam(system, path, { method, sessionUuid, body }));
  return {
    gRPC: {
      register({ notification_methods = [], password, login, email }) {
        const notificationMethods = notification_methods.map(({ provider_name, target }) => ({
          providerName: provider_name,
          target,
        }));
        return readCall(user.register({ info: { info: { login, email, notificationMethods }, password } }));
      },
      logIn: (login, password) => readCall(auth.login({ login, password })),
      whoami: (sessionUuid) => readCall(auth.whoami({ sessionUuid })),
      listSessions: (session) => readCall(sessions.listSessions({}, inSession(session))),
      endSession: (session, handle, password) =>
        readCall(sessions.revokeSession({ handle, password }, inSession(session))),
      endOthers: (session, password) =>
        readCall(sessions.revokeOtherSessions({ password }, inSession(session))),
      changePassword: (session, oldPassword, newPassword) =>
        readCall(user.changePassword({ oldPassword, newPassword }, inSession(session))),
      changeEmail: (session, email, password) =>
        readCall(user.updateProfile({ email, notificationMethods: [], password }, inSession(session))),
      deleteAccount: (session, password) => readCall(user.deleteAccount({ password }, inSession(session))),
      requestPasswordReset: (email) => readCall(user.requestPasswordReset({ email })),
      resetPassword: (token, newPassword) => readCall(user.resetPassword({ token, newPassword })),
      requestEmailVerification: (session) => readCall(user.requestEmailVerification({}, inSession(session))),
      verifyEmail: (token) => readCall(user.verifyEmail({ token })),
    },
    HTTP: {
      register: (body) => readResponse(fetchIam(system, "/register", { body })),
      logIn: (login, password) => readResponse(fetchIam(system, "/login", { body: { login, password } })),
      whoami: (sessionUuid) => readResponse(fetchIam(system, "/whoami", { sessionUuid })),
      listSessions: (sessionUuid) => readResponse(fetchIam(system, "/sessions", { sessionUuid })),
      endSession: (session, handle, password) => send(session, "/sessions/revoke", { handle, password }),
      endOthers: (session, password) => send(session, "/sessions/revoke", { others: true, password }),
      changePassword: (session, old_password, new_password) =>
        send(session, "/password", { old_password, new_password }),
      changeEmail: (session, email, password) =>
        send(session, "/profile", { email, notification_methods: [], password }, "PATCH"),
      deleteAccount: (session, password) => send(session, "/account", { password }, "DELETE"),
      requestPasswordReset: (email) =>
        readResponse(fetchIam(system, "/password/reset-request", { body: { email } })),
      resetPassword: (token, new_password) =>
        readResponse(fetchIam(system, "/password/reset", { body: { token, new_password } })),
      requestEmailVerification: (sessionUuid) =>
        readResponse(fetchIam(system, "/email/verification-request", { method: "POST", sessionUuid })),
      verifyEmail: (token) => readResponse(fetchIam(system, "/email/verify", { body: { token } })),
    },
  };
}

/** The HTTP statuses of the gRPC statuses that IAM refuses with. */
const HTTP_STATUSES: Readonly<Record<number, number>> = {
  [Code.INVALID_ARGUMENT]: 400,
  [Code.UNAUTHENTICATED]: 401,
  [Code.PERMISSION_DENIED]: 403,
  [Code.NOT_FOUND]: 404,
  [Code.ALREADY_EXISTS]: 409,
  [Code.RESOURCE_EXHAUSTED]: 429,
  [Code.UNAVAILABLE]: 503,
};

async function readCall(call: Promise<Outcome<unknown>>): Promise<Answer> {
  if ((await call).code === Code.OK) return { status: 200 };
  const error: CallRefused = await errorOf(call);
  const { info, violations, retryAfterSeconds } = readErrorDetails(error.metadata);
  return {
    status: HTTP_STATUSES[error.code] ?? error.code,
    ...(info !== undefined && { reason: info.reason }),
    message: shorten(error.details),
    fields: violations.map(({ field }) => shorten(field)),
    isRetryable: retryAfterSeconds !== undefined,
  };
}

async function readResponse(pending: Promise<Response>): Promise<Answer> {
  const response = await pending;
  // 201 says no more than gRPC's OK.
  if (response.ok) return (await response.body?.cancel(), { status: 200 });
  const { reason, message, details = [] }: iamApi.ErrorBody = await response.json();
  return {
    status: response.status,
    ...(reason !== undefined && { reason }),
    message,
    fields: details.map(({ field }) => field),
    isRetryable: response.headers.has("Retry-After"),
  };
}

/** Drops what is only in the paths of gRPC's request. */
function shorten(text: string): string {
  return text.replaceAll(/\binfo\.(?:info\.)?/g, "");
}
