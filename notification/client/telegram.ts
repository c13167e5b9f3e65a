import { z } from "zod";
import type { Secret } from "@rocket/platform/config";
import { AddressRefused, ChannelBusy } from "../model/failures.ts";
import type { Sender } from "./channel.ts";

/** Where the Bot API is and who we are there. */
export interface TelegramOptions {
  /** E.g. `https://api.telegram.org`. */
  readonly apiUrl: string;
  /** A secret: it is part of the path of every request. */
  readonly botToken: Secret<string>;
}

/** How long Telegram may take to answer, in milliseconds. */
const DEADLINE_MS = 10_000;

/** The part of the Bot API's answers that matters here (Bot API, "Making requests"). */
const Answer = z.object({
  ok: z.boolean(),
  error_code: z.number().optional(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

/** Creates the channel of Telegram: the Bot API's `sendMessage`, as MarkdownV2. The target is the chat's identifier. */
export function createTelegram({ apiUrl, botToken }: TelegramOptions): Sender {
  return {
    async send(target, { body }) {
      const response = await ask(`${apiUrl}/bot${botToken.value}/sendMessage`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ chat_id: target, text: body, parse_mode: "MarkdownV2" }),
        signal: AbortSignal.timeout(DEADLINE_MS),
        redirect: "error",
      });
      const answer = Answer.safeParse(response);
      if (!answer.success) throw new Error("telegram's answer can't be read");
      const { ok, error_code, description = "no description", parameters } = answer.data;
      if (ok) return;
      const text = `telegram answered ${error_code}: ${description}`;
      const isNoChat = error_code === 400 && /chat not found/i.test(description);
      // 403: the person has blocked the bot.
      if (error_code === 403 || isNoChat) throw new AddressRefused(text);
      if (error_code === 429) throw new ChannelBusy(text, (parameters?.retry_after ?? 1) * 1_000);
      throw new Error(text);
    },
  };
}

/** Errors of `fetch` name the address, and with it the token: only their kind is reported. */
async function ask(url: string, init: RequestInit): Promise<unknown> {
  try {
    return await (await fetch(url, init)).json();
  } catch (error) {
    throw new Error(`telegram did not answer: ${error instanceof Error ? error.name : "unknown error"}`);
  }
}
