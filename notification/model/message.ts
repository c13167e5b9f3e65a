/** What a message can be about. Each has a template for each channel. */
export const MESSAGE_KINDS = [
  "order_paid",
  "order_assembled",
  "password_changed",
  "login_after_refusals",
] as const;

/** What a message is about. */
export type MessageKind = typeof MESSAGE_KINDS[number];

/** A message to a person. */
export interface Message {
  /** The event that asks for it; each asks once. */
  readonly eventUuid: string;
  readonly userUuid: string;
  readonly kind: MessageKind;
  /** What its text names, by the names in the templates. Never a secret. */
  readonly facts: Readonly<Record<string, string>>;
}

/** The ways to reach a person. */
export const CHANNELS = ["email", "telegram"] as const;

/** A way to reach a person. */
export type Channel = typeof CHANNELS[number];

/** Where a person can be reached. */
export interface Address {
  readonly channel: Channel;
  /** An e-mail address, or the identifier of a chat. */
  readonly target: string;
}

/** A text as a channel takes it. */
export interface RenderedMessage {
  /** Empty if the channel has none. */
  readonly subject: string;
  readonly body: string;
}

/** Whom IAM knows under a UUID. */
export interface Recipient {
  readonly login: string;
  readonly email: string;
  /** Where the user asked to be notified. */
  readonly addresses: readonly Address[];
}
