import type { JsonObject } from "@bufbuild/protobuf";
import type { Changes, GrpcStage } from "../../support/grpc_stage.ts";
import type { RawAnswer } from "../../support/grpc_wire.ts";
import { newPerson } from "../../support/person.ts";
import { askInBurst } from "./burst.ts";
import { ofOwnAccount } from "./own_account.ts";
import { type Scenarios, UNDECODABLE } from "./scenario.ts";

/** Drives `user.v1.UserService` into every documented status. */
export function userScenarios({ ask, person, visitor, newcomer, mailedToken }: GrpcStage): Scenarios {
  const register = (facts: Parameters<typeof newPerson>[0] = {}) => {
    const { login, email, password } = newPerson(facts);
    return ask("user.v1.UserService/Register", { message: { info: { info: { login, email }, password } } });
  };
  const getUser = (changes?: Changes) => ask("user.v1.UserService/GetUser", changes);
  const changePassword = (changes?: Changes) => ask("user.v1.UserService/ChangePassword", changes);
  const updateProfile = (changes?: Changes) => ask("user.v1.UserService/UpdateProfile", changes);
  const deleteAccount = (changes?: Changes) => ask("user.v1.UserService/DeleteAccount", changes);
  const requestReset = (changes?: Changes) => ask("user.v1.UserService/RequestPasswordReset", changes);
  const resetPassword = (changes?: Changes) => ask("user.v1.UserService/ResetPassword", changes);
  const requestVerification = (changes?: Changes) =>
    ask("user.v1.UserService/RequestEmailVerification", changes);
  const verifyEmail = (changes?: Changes) => ask("user.v1.UserService/VerifyEmail", changes);
  const issueToken = (changes?: Changes) => ask("user.v1.UserService/IssueAccountToken", changes);
  const wrongReset = { message: { token: "not a token", new_password: visitor.password }, metadata: {} };
  const wrongVerification = { message: { token: "not a token" }, metadata: {} };
  const asVisitor = (message: JsonObject) => ({
    message,
    metadata: { "session-uuid": visitor.sessionUuid },
  });
  return {
    "user.v1.UserService/Register": {
      "OK": { ask: () => ask("user.v1.UserService/Register") },
      "INVALID_ARGUMENT": { ask: () => ask("user.v1.UserService/Register", { message: ALL_FIELDS_INVALID }) },
      "ALREADY_EXISTS LOGIN_TAKEN": { ask: () => register({ login: person.login.toUpperCase() }) },
      "ALREADY_EXISTS EMAIL_TAKEN": { ask: () => register({ email: person.email.toUpperCase() }) },
      "RESOURCE_EXHAUSTED PASSWORD_QUEUE_FULL": { ask: () => askInBurst(() => register()) },
      "RESOURCE_EXHAUSTED RATE_LIMITED": {
        given: "too many attempts came from here",
        ask: () => register(),
      },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Postgres is down", ask: () => register() },
      "DEADLINE_EXCEEDED": { given: "Postgres is silent", ask: () => register() },
      "INTERNAL": { given: "the tables are gone", ask: () => register() },
    },
    "user.v1.UserService/GetUser": {
      "OK": { ask: () => getUser() },
      "INVALID_ARGUMENT": { ask: () => getUser({ message: { user_uuid: "not-a-uuid" } }) },
      "UNAUTHENTICATED SESSION_INVALID": { ask: () => getUser({ metadata: {} }) },
      "UNAUTHENTICATED SERVICE_TOKEN_INVALID": {
        ask: () =>
          getUser({ metadata: { "service-token": "wrong token", "session-uuid": person.sessionUuid } }),
      },
      "NOT_FOUND USER_NOT_FOUND": { ask: () => getUser({ message: { user_uuid: crypto.randomUUID() } }) },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Postgres is down", ask: () => getUser() },
      "DEADLINE_EXCEEDED": { given: "Postgres is silent", ask: () => getUser() },
      "INTERNAL": { given: "the tables are gone", ask: () => getUser() },
    },
    // Nothing of a good request is left where a new person would have to register for it: that takes the queue and the
    // stores.
    "user.v1.UserService/ChangePassword": {
      ...ofOwnAccount(
        changePassword,
        asVisitor({ old_password: "not it", new_password: visitor.password }),
        asVisitor({ old_password: visitor.password, new_password: visitor.password }),
      ),
      "INVALID_ARGUMENT": { ask: () => changePassword({ message: { new_password: "short" } }) },
      "ABORTED ACCOUNT_CHANGED": {
        ask: () =>
          askInBurst(
            () =>
              changePassword(asVisitor({ old_password: visitor.password, new_password: visitor.password })),
            "ABORTED",
          ),
      },
    },
    "user.v1.UserService/UpdateProfile": {
      ...ofOwnAccount(
        updateProfile,
        asVisitor({ email: visitor.email, password: "not it" }),
        asVisitor({ email: visitor.email, password: visitor.password }),
      ),
      "INVALID_ARGUMENT": { ask: () => updateProfile({ message: { email: "?" } }) },
      "ALREADY_EXISTS EMAIL_TAKEN": { ask: () => updateProfile({ message: { email: person.email } }) },
    },
    "user.v1.UserService/DeleteAccount": {
      ...ofOwnAccount(
        deleteAccount,
        asVisitor({ password: "not it" }),
        asVisitor({ password: visitor.password }),
      ),
      "INVALID_ARGUMENT": { ask: () => deleteAccount(UNDECODABLE) },
    },
    "user.v1.UserService/RequestPasswordReset": {
      ...ofStores(requestReset),
      "OK": { ask: () => requestReset() },
      "INVALID_ARGUMENT": { ask: () => requestReset({ message: { email: "nobody" } }) },
    },
    "user.v1.UserService/ResetPassword": {
      ...ofStores(() => resetPassword(wrongReset)),
      "OK": { ask: () => resetPassword() },
      "INVALID_ARGUMENT": { ask: () => resetPassword({ message: { new_password: "short" } }) },
      "PERMISSION_DENIED TOKEN_INVALID": { ask: () => resetPassword(wrongReset) },
      "RESOURCE_EXHAUSTED PASSWORD_QUEUE_FULL": {
        ask: async () => {
          const { userUuid, password } = await newcomer();
          const token = await mailedToken(userUuid, "resetPassword");
          const reset = { message: { token, new_password: password }, metadata: {} };
          return await askInBurst(() => resetPassword(reset));
        },
      },
    },
    "user.v1.UserService/RequestEmailVerification": {
      ...ofStores(requestVerification),
      "OK": { ask: () => requestVerification() },
      "INVALID_ARGUMENT": { ask: () => requestVerification(UNDECODABLE) },
      "UNAUTHENTICATED SESSION_INVALID": { ask: () => requestVerification({ metadata: {} }) },
    },
    "user.v1.UserService/VerifyEmail": {
      ...ofStores(() => verifyEmail(wrongVerification)),
      "OK": { ask: () => verifyEmail() },
      "INVALID_ARGUMENT": { ask: () => verifyEmail(UNDECODABLE) },
      "PERMISSION_DENIED TOKEN_INVALID": { ask: () => verifyEmail(wrongVerification) },
    },
    "user.v1.UserService/IssueAccountToken": {
      "OK": { ask: () => issueToken() },
      "INVALID_ARGUMENT": { ask: () => issueToken({ message: { user_uuid: "not-a-uuid", purpose: 0 } }) },
      "UNAUTHENTICATED SERVICE_TOKEN_INVALID": {
        ask: () => issueToken({ metadata: { "service-token": "wrong token" } }),
      },
      "UNAUTHENTICATED SESSION_INVALID": { ask: () => issueToken({ metadata: {} }) },
      "PERMISSION_DENIED SERVICES_ONLY": {
        ask: () => issueToken({ metadata: { "session-uuid": person.sessionUuid } }),
      },
      "NOT_FOUND USER_NOT_FOUND": { ask: () => issueToken({ message: { user_uuid: crypto.randomUUID() } }) },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Postgres is down", ask: () => issueToken() },
      "DEADLINE_EXCEEDED": { given: "Postgres is silent", ask: () => issueToken() },
      "INTERNAL": { given: "the tables are gone", ask: () => issueToken() },
    },
  };
}

/** What all methods answer that are throttled and depend on PostgreSQL. */
function ofStores(ask: () => Promise<RawAnswer>) {
  return {
    "RESOURCE_EXHAUSTED RATE_LIMITED": { given: "too many attempts came from here", ask },
    "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Postgres is down", ask },
    "DEADLINE_EXCEEDED": { given: "Postgres is silent", ask },
    "INTERNAL": { given: "the tables are gone", ask },
  } as const;
}

/** A registration whose every field breaks its rule. */
const ALL_FIELDS_INVALID = {
  info: {
    info: { login: "?", email: "?", notification_methods: [{ provider_name: "pigeon", target: "" }] },
    password: "short",
  },
};
