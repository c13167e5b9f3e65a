/** The ways a person can be told of something. */
export const NOTIFICATION_PROVIDERS = ["telegram", "email", "push"] as const;

/** Where a person wants to be told of what happens to their orders. */
export interface NotificationMethod {
  readonly provider: typeof NOTIFICATION_PROVIDERS[number];
  /** A chat, an address or a device: 1 to 254 characters. */
  readonly target: string;
}

/** The most methods one person may have. */
export const MAX_NOTIFICATION_METHODS = 10;

/** The rules of a method's two fields, in words for the caller. */
export const PROVIDER_RULE = `must be one of ${NOTIFICATION_PROVIDERS.join(", ")}`;
export const TARGET_RULE = "must be 1 to 254 characters, none of them a control character";

/** @returns `undefined` where the text names no provider. */
export function parseProvider(text: string): NotificationMethod["provider"] | undefined {
  return NOTIFICATION_PROVIDERS.find((provider) => provider === text);
}

/** Whether a text may be a method's target. */
export function isTarget(text: string): boolean {
  const length = [...text].length;
  // PostgreSQL can't hold U+0000, and no address has a control character.
  return length >= 1 && length <= 254 && !/\p{Cc}/u.test(text);
}
