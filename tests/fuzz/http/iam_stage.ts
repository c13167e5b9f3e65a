import { issueToken } from "../../support/mailed_token.ts";
import { type Contract, readHttpContract } from "../../support/openapi.ts";
import { newPerson, type Person, registerAndLogIn } from "../../support/person.ts";
import { startSystem, type System } from "../../support/system.ts";
import { createHttpAsker, type HttpAsker } from "./ask.ts";

/** IAM, with a person who has a session. */
export interface IamStage extends HttpAsker, AsyncDisposable {
  readonly system: System;
  readonly contract: Contract;
}

/**
 * Starts IAM.
 *
 * @throws {TypeError} if an operation of the document has no valid request.
 */
export async function startIamStage(): Promise<IamStage> {
  await using starting = new AsyncDisposableStack();
  const contract = await readHttpContract("iam");
  const system = starting.use(await startSystem({ services: ["iam"] }));
  let person: Person = await registerAndLogIn(system);
  const newTokens = async () => ({
    resetPassword: await issueToken(system, person.userUuid, "resetPassword"),
    verifyEmail: await issueToken(system, person.userUuid, "verifyEmail"),
  });
  let tokens = await newTokens();
  const asker = createHttpAsker({
    origin: system.iamUrl,
    contract,
    sessionUuid: () => person.sessionUuid,
    goodRequests: {
      register: () => ({ body: newPerson() }),
      login: () => ({ body: { login: person.login, password: person.password } }),
      whoami: () => ({}),
      logout: () => ({}),
      listSessions: () => ({}),
      revokeSessions: () => ({ body: { others: true, password: person.password } }),
      changePassword: () => ({
        body: { old_password: person.password, new_password: "seven stars in a circle" },
      }),
      updateProfile: () => ({ body: { notification_methods: [], password: person.password } }),
      deleteAccount: () => ({ body: { password: person.password } }),
      requestPasswordReset: () => ({ body: { email: person.email } }),
      resetPassword: () => ({
        body: { token: tokens.resetPassword, new_password: "seven stars in a circle" },
      }),
      requestEmailVerification: () => ({}),
      verifyEmail: () => ({ body: { token: tokens.verifyEmail } }),
    },
  });
  const owned = starting.move();
  return {
    system,
    contract,
    goodBody: asker.goodBody,
    async ask(id, changes) {
      const answer = await asker.ask(id, changes);
      if (answer.ok && SPENDING.includes(id)) {
        person = await registerAndLogIn(system);
        tokens = await newTokens();
      }
      return answer;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The operations after which the person has another session, password or e-mail address, no account, or no token. */
const SPENDING: readonly string[] = [
  "login",
  "logout",
  "revokeSessions",
  "changePassword",
  "updateProfile",
  "deleteAccount",
  "resetPassword",
  "verifyEmail",
];
