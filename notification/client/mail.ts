import { createTransport } from "nodemailer";
import { z } from "zod";
import type { Secret } from "@rocket/platform/config";
import { AddressRefused, ChannelBusy } from "../model/failures.ts";
import type { Sender } from "./channel.ts";

/** The mail server, and whom mails are from. */
export interface MailOptions {
  /** E.g. `smtps://user:password@mail.example.com`. */
  readonly smtpUrl: Secret<string>;
  /** E.g. `Rocket Factory <orders@example.com>`. */
  readonly from: string;
}

/** How long the server may stay silent, in milliseconds. */
const SILENCE_MS = 10_000;

/**
 * Creates the channel of e-mail, by SMTP. The target is an e-mail address. Close it when done. If the URL changes, the
 * next mail uses new connections; mails being sent finish on theirs.
 */
export function createMail({ smtpUrl, from }: MailOptions): Sender & Disposable {
  let current = open(smtpUrl.value);
  const transport = () => {
    if (current.url !== smtpUrl.value) {
      current.transport.close();
      current = open(smtpUrl.value);
    }
    return current.transport;
  };
  return {
    async send(target, { subject, body }, eventUuid) {
      try {
        await transport().sendMail({
          from,
          // As an object, so that no comma in it makes two addresses of one.
          to: { name: "", address: target },
          subject,
          html: body,
          // The same for every attempt, so that a mailbox may drop a repeat.
          messageId: `<${eventUuid}@rocket-factory>`,
        });
      } catch (error) {
        throw toFailure(error);
      }
    },
    [Symbol.dispose]: () => current.transport.close(),
  };
}

function open(url: string) {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    // Nothing in a message may make the library read a file or a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { url, transport };
}

/** What the library adds to its errors. */
const SmtpFacts = z.object({
  code: z.string().optional(),
  responseCode: z.number().optional(),
  response: z.string().optional(),
});

/**
 * Reads SMTP's own words for what went wrong: 4xx is for now, 550 and 5.1.x are about the address (RFC 5321, 4.2.3;
 * RFC 3463, 3.2). The library's message may have the address, so it is left out.
 */
function toFailure(error: unknown): Error {
  const { code = "unknown error", responseCode, response = "" } = SmtpFacts.catch({}).parse(error);
  if (responseCode === undefined) return new Error(`the mail server did not take the mail: ${code}`);
  const text = `the mail server answered ${responseCode}`;
  if (responseCode >= 400 && responseCode < 500) return new ChannelBusy(text);
  return responseCode === 550 || /^\d{3}[ -]5\.1\.\d/.test(response)
    ? new AddressRefused(text)
    : new Error(text);
}
