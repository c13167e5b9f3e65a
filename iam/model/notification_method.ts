/** The channels through which a user can be notified. */
export const NOTIFICATION_PROVIDERS = ["telegram", "email", "push"] as const;

/** Where a user wants to be notified about their orders. */
export interface NotificationMethod {
  readonly provider: typeof NOTIFICATION_PROVIDERS[number];
  /** A chat, an address or a device: 1 to 254 characters. */
  readonly target: string;
}

/** The most methods one user may have. */
export const MAX_NOTIFICATION_METHODS = 10;

/** The rules for the two fields of a method, worded for the client. */
export const PROVIDER_RULE = `must be one of ${NOTIFICATION_PROVIDERS.join(", ")}`;
export const TARGET_RULE = "must be 1 to 254 characters, none of them a control character";

/** @returns `undefined` if the text is not a provider. */
export function parseProvider(text: string): NotificationMethod["provider"] | undefined {
  return NOTIFICATION_PROVIDERS.find((provider) => provider === text);
}

/** Whether a text is a valid target of a method. */
export function isTarget(text: string): boolean {
  const length = [...text].length;
  // PostgreSQL can't store U+0000 or a lone surrogate (Cs), and no address contains a control character.
  return length >= 1 && length <= 254 && !/[\p{Cc}\p{Cs}]/u.test(text);
}
