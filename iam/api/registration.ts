import type { NotificationMethod as MethodMessage, UserRegistrationInfo } from "@rocket/proto/iam";
import { collectViolations, type ViolationCollector } from "@rocket/platform/core";
import { EMAIL_RULE, parseEmail } from "../model/email.ts";
import { LOGIN_RULE, parseLogin } from "../model/login.ts";
import {
  isTarget,
  MAX_NOTIFICATION_METHODS,
  type NotificationMethod,
  parseProvider,
  PROVIDER_RULE,
  TARGET_RULE,
} from "../model/notification_method.ts";
import { parseNewPassword } from "../model/password.ts";
import type { Registration } from "../model/user.ts";

/**
 * Parses `RegisterRequest.info`.
 *
 * @throws {InvalidArgument} naming every field that breaks its rule by its path in the request.
 */
export function parseRegistration(message: UserRegistrationInfo | undefined): Registration {
  const { refuse, finish } = collectViolations();
  const parsed = parseNewPassword(message?.password ?? "");
  return finish({
    login: parseLogin(message?.info?.login ?? "") ?? refuse("info.info.login", LOGIN_RULE),
    email: parseEmail(message?.info?.email ?? "") ?? refuse("info.info.email", EMAIL_RULE),
    password: "problem" in parsed ? refuse("info.password", parsed.problem) : parsed.password,
    notificationMethods: parseMethods(message?.info?.notificationMethods ?? [], refuse),
  });
}

function parseMethods(
  messages: readonly MethodMessage[],
  refuse: ViolationCollector["refuse"],
): readonly NotificationMethod[] {
  const field = "info.info.notification_methods";
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
