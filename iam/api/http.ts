import { Hono, type TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { requireSession } from "@rocket/platform/auth";
import { jsonBody, readBody, type Refusal, SESSION_UUID_HEADER } from "@rocket/platform/http";
import { iamApi } from "@rocket/proto/iam";
import type { LogIn } from "../service/login.ts";
import type { Register } from "../service/register.ts";
import type { Whoami } from "../service/whoami.ts";
import { toOpenedAnswer, toWhoamiAnswer } from "./answers.ts";
import { parseRegistration } from "./registration.ts";

/** The use cases behind the operations: those of the gRPC door. */
export interface IamUseCases {
  readonly register: Register;
  readonly logIn: LogIn;
  readonly whoami: Whoami;
  /** In code points. */
  readonly passwordMinLength: number;
}

/**
 * Creates the operations of IAM's HTTP API, relative to its path. The typed client is derived from the type of the chain
 * of routes.
 */
export function createHttpApi({ register, logIn, whoami, passwordMinLength }: IamUseCases) {
  return new Hono()
    .post("/register", readBody(), jsonBody(iamApi.RegisterBody), async (c): Promise<RegisterAnswer> => {
      const { notification_methods = [], ...account } = c.req.valid("json");
      const notificationMethods = notification_methods.map(({ provider_name: providerName, target }) => ({
        providerName,
        target,
      }));
      const registration = parseRegistration(
        { ...account, notificationMethods },
        (field) => field,
        passwordMinLength,
      );
      return c.json({ user_uuid: await register(registration) }, 201);
    })
    .post("/login", readBody(), jsonBody(iamApi.LoginBody), async (c): Promise<LoginAnswer> => {
      const { login, password } = c.req.valid("json");
      return c.json(toOpenedAnswer(await logIn(login, password, c.req.header(SESSION_UUID_HEADER))), 200);
    })
    .get("/whoami", async (c): Promise<WhoamiAnswer> => {
      return c.json(toWhoamiAnswer(await whoami(requireSession().sessionUuid)), 200);
    });
}

// With the refusals of the use cases; those of the middlewares are in their own types.
type RegisterAnswer = Answer<iamApi.RegisterResponse, 201> | Refusal<409 | 429>;
type LoginAnswer = Answer<iamApi.LoginResponse, 200> | Refusal<401 | 409 | 429>;
type WhoamiAnswer = Answer<iamApi.WhoamiResponse, 200>;
type Answer<Body, Status extends ContentfulStatusCode> = TypedResponse<Body, Status, "json">;
