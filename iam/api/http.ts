import { Hono, type TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { requireSession } from "@rocket/platform/auth";
import { InvalidArgument } from "@rocket/platform/core";
import { jsonBody, readBody, type Refusal, SESSION_UUID_HEADER } from "@rocket/platform/http";
import { iamApi } from "@rocket/proto/iam";
import type { ChangeAccount } from "../service/change_account.ts";
import type { LogIn } from "../service/login.ts";
import type { LogOut } from "../service/logout.ts";
import type { OwnSessions } from "../service/own_sessions.ts";
import type { RedeemToken } from "../service/redeem_token.ts";
import type { Register } from "../service/register.ts";
import type { RequestMail } from "../service/request_mail.ts";
import type { Whoami } from "../service/whoami.ts";
import { toOpenedAnswer, toSessionsAnswer, toWhoamiAnswer } from "./answers.ts";
import { parseProfile, parseRegistration, parseSentEmail } from "./registration.ts";

/** The use cases behind the operations: those of the gRPC door. */
export interface IamUseCases {
  readonly register: Register;
  readonly logIn: LogIn;
  readonly logOut: LogOut;
  readonly ownSessions: OwnSessions;
  readonly changeAccount: ChangeAccount;
  readonly requestMail: RequestMail;
  readonly redeemToken: RedeemToken;
  readonly whoami: Whoami;
  /** In code points. */
  readonly passwordMinLength: number;
}

/**
 * Creates the operations of IAM's HTTP API, relative to its path. The typed client is derived from the type of the chain
 * of routes.
 */
export function createHttpApi(
  {
    register,
    logIn,
    logOut,
    whoami,
    ownSessions,
    changeAccount,
    requestMail,
    redeemToken,
    passwordMinLength,
  }: IamUseCases,
) {
  return new Hono()
    .post("/register", readBody(), jsonBody(iamApi.RegisterBody), async (c): Promise<RegisterAnswer> => {
      const { notification_methods = [], ...account } = c.req.valid("json");
      const notificationMethods = toMethods(notification_methods);
      const registration = parseRegistration(
        { ...account, notificationMethods },
        (field) => field,
        passwordMinLength,
      );
      return c.json({ user_uuid: await register(registration, "password") }, 201);
    })
    .post("/login", readBody(), jsonBody(iamApi.LoginBody), async (c): Promise<LoginAnswer> => {
      const { login, password } = c.req.valid("json");
      return c.json(toOpenedAnswer(await logIn(login, password, c.req.header(SESSION_UUID_HEADER))), 200);
    })
    .post("/logout", async (c): Promise<Done> => {
      await logOut(requireSession().sessionUuid);
      return c.body(null, 204);
    })
    .get("/sessions", async (c): Promise<ListAnswer> => {
      return c.json(toSessionsAnswer(await ownSessions.list(requireSession())), 200);
    })
    .post(
      "/sessions/revoke",
      readBody(),
      jsonBody(iamApi.RevokeSessionsBody),
      async (c): Promise<RevokeAnswer> => {
        const { handle, others, password = "" } = c.req.valid("json");
        if ((handle === undefined) === (others === undefined)) throw new InvalidArgument([ONE_OF_TWO]);
        if (handle === undefined) await ownSessions.endOthers(requireSession(), password);
        else await ownSessions.end(requireSession(), handle, password);
        return c.body(null, 204);
      },
    )
    .post("/password", readBody(), jsonBody(iamApi.ChangePasswordBody), async (c): Promise<ChangeAnswer> => {
      const { old_password, new_password } = c.req.valid("json");
      await changeAccount.changePassword(requireSession(), old_password, new_password);
      return c.body(null, 204);
    })
    .post(
      "/password/reset-request",
      readBody(),
      jsonBody(iamApi.RequestPasswordResetBody),
      async (c): Promise<RequestAnswer> => {
        await requestMail.passwordReset(parseSentEmail(c.req.valid("json").email));
        return c.body(null, 204);
      },
    )
    .post(
      "/password/reset",
      readBody(),
      jsonBody(iamApi.ResetPasswordBody),
      async (c): Promise<RedeemAnswer> => {
        const { token, new_password } = c.req.valid("json");
        await redeemToken.resetPassword(token, new_password);
        return c.body(null, 204);
      },
    )
    .post("/email/verification-request", async (c): Promise<RequestAnswer> => {
      await requestMail.emailVerification(requireSession());
      return c.body(null, 204);
    })
    .post("/email/verify", readBody(), jsonBody(iamApi.VerifyEmailBody), async (c): Promise<RedeemAnswer> => {
      await redeemToken.verifyEmail(c.req.valid("json").token);
      return c.body(null, 204);
    })
    .patch("/profile", readBody(), jsonBody(iamApi.UpdateProfileBody), async (c): Promise<ChangeAnswer> => {
      const { email, notification_methods, password } = c.req.valid("json");
      const profile = parseProfile({
        ...(email !== undefined && { email }),
        ...(notification_methods !== undefined && { notificationMethods: toMethods(notification_methods) }),
      });
      await changeAccount.updateProfile(requireSession(), password, profile);
      return c.body(null, 204);
    })
    .delete("/account", readBody(), jsonBody(iamApi.DeleteAccountBody), async (c): Promise<DeleteAnswer> => {
      await changeAccount.deleteAccount(requireSession(), c.req.valid("json").password);
      return c.body(null, 204);
    })
    .get("/whoami", async (c): Promise<WhoamiAnswer> => {
      return c.json(toWhoamiAnswer(await whoami(requireSession().sessionUuid)), 200);
    });
}

const ONE_OF_TWO = { field: "handle", message: "exactly one of handle and others must be given" };

function toMethods(methods: readonly iamApi.NotificationMethod[]) {
  return methods.map(({ provider_name: providerName, target }) => ({ providerName, target }));
}

// With the refusals of the use cases; those of the middlewares are in their own types.
type RegisterAnswer = Answer<iamApi.RegisterResponse, 201> | Refusal<409 | 429>;
type LoginAnswer = Answer<iamApi.LoginResponse, 200> | Refusal<401 | 409 | 429>;
type WhoamiAnswer = Answer<iamApi.WhoamiResponse, 200>;
type ListAnswer = Answer<iamApi.ListSessionsResponse, 200>;
type Done = TypedResponse<null, 204, "body">;
type RevokeAnswer = Done | Refusal<403 | 404 | 429>;
type ChangeAnswer = Done | Refusal<403 | 409 | 429>;
type DeleteAnswer = Done | Refusal<403 | 429>;
type RequestAnswer = Done | Refusal<429>;
type RedeemAnswer = Done | Refusal<403 | 429>;
type Answer<Body, Status extends ContentfulStatusCode> = TypedResponse<Body, Status, "json">;
