import createFetchClient from "openapi-fetch";
import { createIamClient } from "@rocket/iam/client";
import type { ClientOptions } from "@rocket/platform/http-client";
import type { iamApi, IamPaths } from "@rocket/proto/iam";
import { readAnswer, toAnswer, type TypedAnswer } from "./typed_clients.ts";

/** The operations of IAM's HTTP API, by their names in its document. */
export interface IamTypedClient {
  register(body: iamApi.RegisterBody): Promise<TypedAnswer>;
  login(body: iamApi.LoginBody): Promise<TypedAnswer>;
  logout(): Promise<TypedAnswer>;
  whoami(): Promise<TypedAnswer>;
  listSessions(): Promise<TypedAnswer>;
  revokeSessions(body: iamApi.RevokeSessionsBody): Promise<TypedAnswer>;
  changePassword(body: iamApi.ChangePasswordBody): Promise<TypedAnswer>;
  updateProfile(body: iamApi.UpdateProfileBody): Promise<TypedAnswer>;
  deleteAccount(body: iamApi.DeleteAccountBody): Promise<TypedAnswer>;
  requestPasswordReset(body: iamApi.RequestPasswordResetBody): Promise<TypedAnswer>;
  resetPassword(body: iamApi.ResetPasswordBody): Promise<TypedAnswer>;
  requestEmailVerification(): Promise<TypedAnswer>;
  verifyEmail(body: iamApi.VerifyEmailBody): Promise<TypedAnswer>;
}

/** Creates a client for IAM at an origin. */
export type ConnectIamClient = (origin: string, options: ClientOptions) => IamTypedClient;

/** The two typed clients, by the source of their types. */
export const IAM_TYPED_CLIENTS: Readonly<Record<string, ConnectIamClient>> = {
  "hc, typed by the handlers": (origin, options) => {
    const { api: { v1: { iam } } } = createIamClient(origin, options);
    return {
      register: (json) => readAnswer(iam.register.$post({ json })),
      login: (json) => readAnswer(iam.login.$post({ json })),
      logout: () => readAnswer(iam.logout.$post()),
      whoami: () => readAnswer(iam.whoami.$get()),
      listSessions: () => readAnswer(iam.sessions.$get()),
      revokeSessions: (json) => readAnswer(iam.sessions.revoke.$post({ json })),
      changePassword: (json) => readAnswer(iam.password.$post({ json })),
      updateProfile: (json) => readAnswer(iam.profile.$patch({ json })),
      deleteAccount: (json) => readAnswer(iam.account.$delete({ json })),
      requestPasswordReset: (json) => readAnswer(iam.password["reset-request"].$post({ json })),
      resetPassword: (json) => readAnswer(iam.password.reset.$post({ json })),
      requestEmailVerification: () => readAnswer(iam.email["verification-request"].$post()),
      verifyEmail: (json) => readAnswer(iam.email.verify.$post({ json })),
    };
  },
  "openapi-fetch, typed by the document": (origin, { sessionUuid, fetch = globalThis.fetch }) => {
    const headers = { "X-Session-Uuid": sessionUuid };
    const client = createFetchClient<IamPaths>({ baseUrl: origin, headers, fetch });
    return {
      register: (body) => toAnswer(client.POST("/api/v1/iam/register", { body })),
      login: (body) => toAnswer(client.POST("/api/v1/iam/login", { body })),
      logout: () => toAnswer(client.POST("/api/v1/iam/logout")),
      whoami: () => toAnswer(client.GET("/api/v1/iam/whoami")),
      listSessions: () => toAnswer(client.GET("/api/v1/iam/sessions")),
      revokeSessions: (body) => toAnswer(client.POST("/api/v1/iam/sessions/revoke", { body })),
      changePassword: (body) => toAnswer(client.POST("/api/v1/iam/password", { body })),
      updateProfile: (body) => toAnswer(client.PATCH("/api/v1/iam/profile", { body })),
      deleteAccount: (body) => toAnswer(client.DELETE("/api/v1/iam/account", { body })),
      requestPasswordReset: (body) => toAnswer(client.POST("/api/v1/iam/password/reset-request", { body })),
      resetPassword: (body) => toAnswer(client.POST("/api/v1/iam/password/reset", { body })),
      requestEmailVerification: () => toAnswer(client.POST("/api/v1/iam/email/verification-request")),
      verifyEmail: (body) => toAnswer(client.POST("/api/v1/iam/email/verify", { body })),
    };
  },
};
