import { createHash } from "node:crypto";
import type { Signal } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import type { Sender } from "../client/channel.ts";
import type { Users } from "../client/users.ts";
import { AddressRefused, ChannelBusy } from "../model/failures.ts";
import {
  type Address,
  bringsToken,
  type Channel,
  type Message,
  MESSAGE_KINDS,
  type Recipient,
  type TokenKind,
} from "../model/message.ts";
import type { MessageRepository, TakenMessage } from "../repository/messages.ts";
import type { Compose } from "./compose.ts";

/** Delivers messages as they are due, until the service closes. */
export type DeliverMessages = (closing: AbortSignal) => Promise<void>;

/** Parts of {@linkcode createDeliverMessages}. */
export interface DeliverMessagesParts {
  readonly messages: MessageRepository;
  readonly users: Users;
  readonly senders: Readonly<Record<Channel, Sender>>;
  readonly compose: Compose;
  /** Raised when this replica has added a message. */
  readonly added: Signal;
  readonly log: Logger;
}

/** How many messages are worked on at once. */
const AT_ONCE = 20;

/** After how long another replica takes over a message that was taken and not ended, in milliseconds. */
const TAKEN_MS = 60_000;

/** How long until messages that other replicas added are looked for, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** For how long delivering is tried, in milliseconds. */
const GIVE_UP_MS = 24 * 3_600_000;

const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * Creates the deliver-messages use case. Each address gets a message once, unless the process ends between sending it
 * and noting that it was sent. What can't be sent now is tried again after a pause that grows to 5 minutes, for a day;
 * other messages don't wait for it.
 */
export function createDeliverMessages(
  { messages, users, senders, compose, added, log }: DeliverMessagesParts,
): DeliverMessages {
  /** @returns When to try this address again, in milliseconds; `undefined` if there is nothing more to do. */
  const sendTo = async (address: Address, message: TakenMessage, recipient: Recipient) => {
    const { channel, target } = address;
    const { eventUuid, kind } = message;
    try {
      await senders[channel].send(target, compose(channel, message, recipient), eventUuid);
    } catch (err) {
      if (err instanceof AddressRefused) {
        log.warn({ err, channel, user: message.userUuid }, "address refuses messages");
        await messages.noteRefusal(digestOf(address));
        return undefined;
      }
      log.warn(
        { err, channel, event: eventUuid, attempt: message.attempt },
        "message not sent; trying again",
      );
      return err instanceof ChannelBusy && err.retryAfterMs !== undefined
        ? err.retryAfterMs
        : pauseMs(message);
    }
    await messages.noteDelivery(eventUuid, digestOf(address));
    log.info({ channel, kind, event: eventUuid, user: message.userUuid }, "message sent");
    return undefined;
  };

  /** @returns When to try the message again, in milliseconds; `undefined` if it is delivered. */
  const deliver = async (message: TakenMessage): Promise<number | undefined> => {
    const recipient = await users.find(message.userUuid);
    if (recipient === undefined) return undefined;
    if (bringsToken(message.kind)) return await deliverToken(message, message.kind, recipient);
    const addresses = addressesFor(message, recipient);
    const settled = await messages.settled(message.eventUuid, addresses.map(digestOf));
    const open = addresses.filter((address) => !settled.includes(digestOf(address)));
    const again = await Promise.all(open.map((address) => sendTo(address, message, recipient)));
    const pauses = again.filter((ms) => ms !== undefined);
    return pauses.length === 0 ? undefined : Math.min(...pauses);
  };

  /** Makes a token for each attempt, so that none is stored. @returns Like `deliver`. */
  const deliverToken = async (message: TakenMessage, kind: TokenKind, recipient: Recipient) => {
    const address = { channel: "email", target: recipient.email } as const;
    const settled = await messages.settled(message.eventUuid, [digestOf(address)]);
    const issued = settled.length > 0 ? undefined : await users.issueToken(message.userUuid, kind);
    if (issued === undefined) return undefined;
    const { token, email, expiresAt } = issued;
    const facts = { ...message.facts, token, expires_at: expiresAt.toUTCString() };
    return await sendTo({ channel: "email", target: email }, { ...message, facts }, recipient);
  };

  const work = async (message: TakenMessage) => {
    let againMs: number | undefined;
    try {
      againMs = await deliver(message);
    } catch (err) {
      log.warn(
        { err, event: message.eventUuid, attempt: message.attempt },
        "message not delivered; trying again",
      );
      againMs = pauseMs(message);
    }
    if (againMs !== undefined && message.ageMs < GIVE_UP_MS) {
      return await messages.putOff(message.eventUuid, againMs);
    }
    if (againMs !== undefined) {
      log.error({ event: message.eventUuid, user: message.userUuid }, "message given up");
    }
    await messages.end(message.eventUuid);
  };

  return async (closing) => {
    const running = new Set<Promise<void>>();
    const start = (message: TakenMessage) => {
      const one = work(message)
        // It is due again once the time for which it was taken has passed.
        .catch((err: unknown) => log.warn({ err, event: message.eventUuid }, "message's state not stored"))
        .finally(() => {
          running.delete(one);
          added.raise();
        });
      running.add(one);
    };
    try {
      while (!closing.aborted) {
        const free = AT_ONCE - running.size;
        if (free > 0) (await messages.take(free, TAKEN_MS)).forEach(start);
        const nextMs = running.size < AT_ONCE ? await messages.untilNextMs() ?? Infinity : Infinity;
        await added.wait(Math.max(0, Math.min(Math.ceil(nextMs), LOOK_EVERY_MS)), closing);
      }
    } finally {
      await Promise.all(running);
    }
  };
}

function addressesFor({ kind }: Message, { email, addresses }: Recipient): readonly Address[] {
  if (MESSAGE_KINDS[kind] === "addresses") return addresses;
  const account: Address = { channel: "email", target: email };
  return [account, ...addresses.filter((one) => digestOf(one) !== digestOf(account))];
}

/** 1 s, 2 s, 4 s and so on. */
function pauseMs({ attempt }: TakenMessage): number {
  return Math.min(1_000 * 2 ** attempt, LONGEST_PAUSE_MS);
}

function digestOf({ channel, target }: Address): string {
  return createHash("sha256").update(`${channel}:${target}`).digest("base64url");
}
