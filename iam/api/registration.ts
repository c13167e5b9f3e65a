import type { NotificationMethod as MethodMessage } from "@rocket/proto/iam";
import { collectViolations, InvalidArgument, type ViolationCollector } from "@rocket/platform/core";
import { type Email, EMAIL_RULE, parseEmail } from "../model/email.ts";
import { LOGIN_RULE, parseLogin } from "../model/login.ts";
import {
  isTarget,
  MAX_NOTIFICATION_METHODS,
  type NotificationMethod,
  parseProvider,
  PROVIDER_RULE,
  TARGET_RULE,
} from "../model/notification_method.ts";
import { ownWordsOf, parseNewPassword } from "../model/password.ts";
import type { Profile, Registration } from "../model/user.ts";

/** A registration as a client sent it, through either door. */
export interface SentRegistration {
  readonly login: string;
  readonly email: string;
  readonly password: string;
  readonly notificationMethods: readonly MethodMessage[];
}

/**
 * Parses a registration.
 *
 * @param pathOf The path of a field in the request, for the client.
 * @param minLength The shortest password.
 * @throws {InvalidArgument} naming every field that breaks its rule by that path.
 */
export function parseRegistration(
  { login, email, password, notificationMethods }: SentRegistration,
  pathOf: (field: "login" | "email" | "password" | "notification_methods") => string,
  minLength: number,
): Registration {
  const { refuse, finish } = collectViolations();
  const parsed = parseNewPassword(password, { minLength, ownWords: ownWordsOf({ login, email }) });
  const methods = pathOf("notification_methods");
  return finish({
    login: parseLogin(login) ?? refuse(pathOf("login"), LOGIN_RULE),
    email: parseEmail(email) ?? refuse(pathOf("email"), EMAIL_RULE),
    password: "problem" in parsed ? refuse(pathOf("password"), parsed.problem) : parsed.password,
    notificationMethods: parseMethods(notificationMethods, methods, refuse),
  });
}

/** Parses the e-mail address of a request. @throws {InvalidArgument} naming the field `email`. */
export function parseSentEmail(text: string): Email {
  const email = parseEmail(text);
  if (email === undefined) throw new InvalidArgument([{ field: "email", message: EMAIL_RULE }]);
  return email;
}

/** Parses what changes of a profile. @throws {InvalidArgument} naming every field that breaks its rule. */
export function parseProfile(
  { email, notificationMethods }: Partial<Pick<SentRegistration, "email" | "notificationMethods">>,
): Partial<Profile> {
  const { refuse, finish } = collectViolations();
  return finish({
    ...(email !== undefined && { email: parseEmail(email) ?? refuse("email", EMAIL_RULE) }),
    ...(notificationMethods !== undefined && {
      notificationMethods: parseMethods(notificationMethods, "notification_methods", refuse),
    }),
  });
}

function parseMethods(
  messages: readonly MethodMessage[],
  field: string,
  refuse: ViolationCollector["refuse"],
): readonly NotificationMethod[] {
  if (messages.length > MAX_NOTIFICATION_METHODS) {
    refuse(field, `must be ${MAX_NOTIFICATION_METHODS} at most`);
    return [];
  }
  const methods: NotificationMethod[] = [];
  for (const [index, { providerName, target }] of messages.entries()) {
    const provider = parseProvider(providerName);
    if (provider === undefined) refuse(`${field}[${index}].provider_name`, PROVIDER_RULE);
    if (!isTarget(target)) refuse(`${field}[${index}].target`, TARGET_RULE);
    if (provider !== undefined) methods.push({ provider, target });
  }
  return methods;
}
