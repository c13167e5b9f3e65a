// @ts-types="@types/mustache"
import mustache from "mustache";
import { readFileSync } from "node:fs";
import {
  bringsToken,
  type Channel,
  CHANNELS,
  type Message,
  MESSAGE_KINDS,
  type MessageKind,
  type Recipient,
  type RenderedMessage,
} from "../model/message.ts";

/** Writes a message to a person, for a channel. */
export type Compose = (channel: Channel, message: Message, recipient: Recipient) => RenderedMessage;

/** The folder of the templates. */
export const TEMPLATES = new URL("../templates/", import.meta.url).href;

/**
 * What a template's values are escaped by. Telegram: every character that MarkdownV2 may read as markup (Bot API,
 * "MarkdownV2 style"). E-mail: HTML.
 */
const ESCAPE: Readonly<Record<Channel, (value: string) => string>> = {
  telegram: (value) => value.replaceAll(/[_*[\]()~`>#+\-=|{}.!\\]/g, "\\$&"),
  email: mustache.escape,
};

const EXTENSIONS: Readonly<Record<Channel, string>> = { telegram: "md", email: "html" };

/**
 * Reads every template, so that a missing one is noticed at the start.
 *
 * @throws {Error} naming the file that can't be read.
 */
export function readTemplates(): Compose {
  const templates = new Map(
    CHANNELS.flatMap((channel) =>
      kindsOf(channel).map((kind) => [nameOf(channel, kind), read(channel, kind)])
    ),
  );
  return (channel, { kind, facts }, { login }) => {
    const template = templates.get(nameOf(channel, kind)) ?? "";
    const body = mustache.render(template, { ...facts, login }, {}, { escape: ESCAPE[channel] });
    const [, subject = ""] = channel === "email" ? /<title>(.*?)<\/title>/s.exec(body) ?? [] : [];
    return { subject, body };
  };
}

/** The kinds of messages that a channel carries. */
export function kindsOf(channel: Channel): readonly MessageKind[] {
  // Object.keys is typed for objects that may have more keys than their type says; this one has none.
  const kinds = Object.keys(MESSAGE_KINDS) as readonly MessageKind[];
  return kinds.filter((kind) => channel === "email" || !bringsToken(kind));
}

function nameOf(channel: Channel, kind: MessageKind): string {
  return `${kind}.${channel}.${EXTENSIONS[channel]}`;
}

function read(channel: Channel, kind: MessageKind): string {
  return readFileSync(new URL(nameOf(channel, kind), TEMPLATES), "utf8");
}
