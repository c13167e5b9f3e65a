/**
 * What a message can be about, and where it goes: where the user asked for it, to the account's own e-mail address as
 * well, or only there, with a token for its owner.
 */
export const MESSAGE_KINDS = {
  order_paid: "addresses",
  order_assembled: "addresses",
  password_changed: "addresses and account",
  login_after_refusals: "addresses and account",
  password_reset: "account, with a token",
  email_verification: "account, with a token",
} as const;

/** What a message is about. */
export type MessageKind = keyof typeof MESSAGE_KINDS;

/** A message that brings a token. */
export type TokenKind = {
  [Kind in MessageKind]: typeof MESSAGE_KINDS[Kind] extends "account, with a token" ? Kind : never;
}[MessageKind];

/** Whether a message brings a token. */
export function bringsToken(kind: MessageKind): kind is TokenKind {
  return MESSAGE_KINDS[kind] === "account, with a token";
}

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

/** A token for the owner of an account. A secret: it goes to the address, and nowhere else. */
export interface AccountToken {
  readonly token: string;
  readonly email: string;
  readonly expiresAt: Date;
}

/** Whom IAM knows under a UUID. */
export interface Recipient {
  readonly login: string;
  readonly email: string;
  /** Where the user asked to be notified. */
  readonly addresses: readonly Address[];
}
