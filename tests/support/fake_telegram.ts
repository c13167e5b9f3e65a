import { z } from "zod";

/** A message that the Bot API has taken. */
export interface TelegramMessage {
  readonly chat: string;
  /** As a person reads it, apart from the markup: without the escapes. */
  readonly text: string;
}

/** What the Bot API answers instead of taking a message. */
export interface TelegramRefusal {
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: { readonly retry_after: number };
}

/** A stand-in for Telegram's Bot API. */
export interface FakeTelegram extends AsyncDisposable {
  readonly apiUrl: string;
  /** The messages taken so far. */
  readonly taken: readonly TelegramMessage[];
  /** How often each chat was written to, also if it was refused. */
  readonly tries: ReadonlyMap<string, number>;
  /** Refuses messages to a chat; `undefined` takes them again. */
  refuse(chat: string, refusal: TelegramRefusal | undefined): void;
}

/** The token of the stand-in's only bot. */
export const BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

const SendMessage = z.strictObject({
  chat_id: z.string(),
  text: z.string().min(1).max(4_096),
  parse_mode: z.literal("MarkdownV2"),
});

/** Starts the stand-in on a free port of loopback. */
export function startFakeTelegram(): FakeTelegram {
  const taken: TelegramMessage[] = [];
  const tries = new Map<string, number>();
  const refusals = new Map<string, TelegramRefusal>();
  const refuse = (refusal: TelegramRefusal) =>
    Response.json({ ok: false, ...refusal }, { status: refusal.error_code });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    if (new URL(request.url).pathname !== `/bot${BOT_TOKEN}/sendMessage`) {
      return refuse({ error_code: 404, description: "Not Found" });
    }
    const message = SendMessage.safeParse(await request.json());
    if (!message.success) return refuse({ error_code: 400, description: "Bad Request" });
    const { chat_id: chat, text } = message.data;
    tries.set(chat, (tries.get(chat) ?? 0) + 1);
    const refusal = refusals.get(chat);
    if (refusal !== undefined) return refuse(refusal);
    taken.push({ chat, text: text.replaceAll(/\\(.)/gs, "$1") });
    return Response.json({ ok: true, result: { message_id: taken.length } });
  });
  return {
    apiUrl: `http://127.0.0.1:${server.addr.port}`,
    taken,
    tries,
    refuse: (chat, refusal) => void (refusal ? refusals.set(chat, refusal) : refusals.delete(chat)),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
