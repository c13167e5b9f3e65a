import { createHash } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import type { Part } from "@rocket/proto/inventory";
import { newPerson, type Person } from "./person.ts";

/** A request that succeeds. */
export interface GoodRequest {
  /** In protobuf's JSON format, with the field names of the contract. */
  readonly message: JsonObject;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What good requests refer to. */
export interface GoodSubjects {
  readonly person: Person;
  /** Another person, whose sessions no other request uses: a user's oldest sessions give way to new ones. */
  readonly visitor: Person;
  /** Registers and logs in a new person. */
  readonly newcomer: () => Promise<Person>;
  /** A token that is mailed to a user. */
  readonly mailedToken: (userUuid: string, purpose: "resetPassword" | "verifyEmail") => Promise<string>;
  /** A part with more stock than can be reserved. */
  readonly part: Part;
  /** With which services authenticate to each other. */
  readonly serviceToken: string;
  /** An order whose reserved pieces have been sold. */
  readonly soldOrderUuid: string;
}

/** Creates a request that succeeds, for every method. Each call creates a new one, as some succeed only once. */
export function goodRequests(
  { person, visitor, newcomer, mailedToken, part, serviceToken, soldOrderUuid }: GoodSubjects,
): Readonly<Record<string, () => GoodRequest | Promise<GoodRequest>>> {
  const { password, userUuid, sessionUuid } = person;
  const open = (message: JsonObject) => ({ message, metadata: {} });
  const inSession = (sessionUuid: string, message: JsonObject) => ({
    message,
    metadata: { "session-uuid": sessionUuid },
  });
  const guarded = (message: JsonObject) => inSession(sessionUuid, message);
  const asService = (message: JsonObject) => ({ message, metadata: { "service-token": serviceToken } });
  return {
    "auth.v1.AuthService/Login": () => open({ login: visitor.login, password: visitor.password }),
    "auth.v1.AuthService/Whoami": () => open({ session_uuid: sessionUuid }),
    "auth.v1.AuthService/Logout": () => open({ session_uuid: crypto.randomUUID() }),
    "auth.v1.SessionService/ListSessions": () => guarded({}),
    "auth.v1.SessionService/RevokeSession": async () => {
      const { sessionUuid } = await newcomer();
      // The handle of a session is the SHA-256 of its identifier.
      const handle = createHash("sha256").update(sessionUuid).digest("base64url");
      return inSession(sessionUuid, { handle });
    },
    "auth.v1.SessionService/RevokeOtherSessions": () => guarded({ password }),
    "user.v1.UserService/Register": () => {
      const { login, email, password } = newPerson();
      const notification_methods = [{ provider_name: "email", target: email }];
      return open({ info: { info: { login, email, notification_methods }, password } });
    },
    "user.v1.UserService/GetUser": () => guarded({ user_uuid: userUuid }),
    "user.v1.UserService/ChangePassword": async () => {
      const { sessionUuid, password } = await newcomer();
      return inSession(sessionUuid, { old_password: password, new_password: `new ${password}` });
    },
    "user.v1.UserService/UpdateProfile": async () => {
      const { sessionUuid, email, password } = await newcomer();
      return inSession(sessionUuid, { email, notification_methods: [], password });
    },
    "user.v1.UserService/DeleteAccount": async () => {
      const leaver = await newcomer();
      return inSession(leaver.sessionUuid, { password: leaver.password });
    },
    "user.v1.UserService/RequestPasswordReset": () => open({ email: person.email }),
    "user.v1.UserService/ResetPassword": async () => {
      const { userUuid, password } = await newcomer();
      const token = await mailedToken(userUuid, "resetPassword");
      return open({ token, new_password: `new ${password}` });
    },
    "user.v1.UserService/RequestEmailVerification": () => guarded({}),
    "user.v1.UserService/VerifyEmail": async () => {
      const { userUuid } = await newcomer();
      return open({ token: await mailedToken(userUuid, "verifyEmail") });
    },
    "user.v1.UserService/IssueAccountToken": () =>
      asService({ user_uuid: userUuid, purpose: "ACCOUNT_TOKEN_PURPOSE_VERIFY_EMAIL" }),
    "inventory.v1.InventoryService/GetPart": () => guarded({ uuid: part.uuid }),
    "inventory.v1.InventoryService/ListParts": () =>
      guarded({
        filter: {
          uuids: [part.uuid],
          names: [part.name],
          categories: [part.category],
          manufacturer_countries: [part.manufacturer?.country ?? ""],
          tags: part.tags,
        },
      }),
    "inventory.v1.InventoryService/ReserveParts": () =>
      asService({
        order_uuid: crypto.randomUUID(),
        items: [{ part_uuid: part.uuid, quantity: 1 }],
        ttl: "5s",
      }),
    "inventory.v1.InventoryService/CommitParts": () => asService({ order_uuid: soldOrderUuid }),
    "inventory.v1.InventoryService/ReleaseParts": () => asService({ order_uuid: crypto.randomUUID() }),
    "payment.v1.PaymentService/PayOrder": () =>
      asService({
        order_uuid: crypto.randomUUID(),
        user_uuid: userUuid,
        payment_method: "PAYMENT_METHOD_CARD",
      }),
  };
}
