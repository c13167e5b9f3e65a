import assert from "node:assert/strict";
import { CHANNELS, type Message, MESSAGE_KINDS } from "../model/message.ts";
import { readTemplates } from "./compose.ts";

const HOSTILE = `<b>"&'</b> _*[]()~\`>#+-=|{}.! {{login}} \\`;

const recipient = { login: HOSTILE, email: "ripley@example.com", addresses: [] };
const facts = { order_uuid: HOSTILE, build_time_sec: HOSTILE, address: HOSTILE, at: HOSTILE };

/** Characters that MarkdownV2 reads as markup unless a backslash precedes them. */
const MARKUP = /[_*[\]()~`>#+\-=|{}.!]/g;

for (const kind of MESSAGE_KINDS) {
  const message: Message = { eventUuid: crypto.randomUUID(), userUuid: crypto.randomUUID(), kind, facts };

  Deno.test(`an e-mail of ${kind} has a subject, and hostile values make no markup`, () => {
    const { subject, body } = readTemplates()("email", message, recipient);
    assert.match(subject, /^[\x20-\x7e]{5,80}$/);
    assert.ok(body.includes("&lt;b&gt;&quot;&amp;&#39;"));
    assert.ok(!body.includes("<b>"));
    assert.ok(body.includes("{{login}}"), "a value is not a template");
  });

  Deno.test(`a Telegram message of ${kind} has no markup of hostile values`, () => {
    const plain = { ...message, facts: { order_uuid: "x", build_time_sec: "1", address: "y", at: "z" } };
    const compose = readTemplates();
    const markup = (of: Message) => {
      const { body } = compose("telegram", of, recipient);
      return body.replaceAll(/\\[\s\S]/g, "").match(MARKUP);
    };
    assert.deepEqual(markup(message), markup(plain));
  });
}

Deno.test("what is not known of a login is left out", () => {
  const compose = readTemplates();
  for (const channel of CHANNELS) {
    const message: Message = {
      eventUuid: crypto.randomUUID(),
      userUuid: crypto.randomUUID(),
      kind: "password_changed",
      facts: { at: "today", address: "" },
    };
    assert.doesNotMatch(compose(channel, message, recipient).body, /from/);
  }
});
