import assert from "node:assert/strict";
import { CHANNELS, type Message } from "../model/message.ts";
import { kindsOf, readTemplates } from "./compose.ts";

const HOSTILE = `<b>"&'</b> _*[]()~\`>#+-=|{}.! {{login}} \\`;

const recipient = { login: HOSTILE, email: "ripley@example.com", addresses: [] };
const NAMES = ["order_uuid", "build_time_sec", "address", "at", "token", "expires_at"];
const facts = Object.fromEntries(NAMES.map((name) => [name, HOSTILE]));
const userUuid = crypto.randomUUID();
const eventUuid = crypto.randomUUID();

/** Characters that MarkdownV2 reads as markup unless a backslash precedes them. */
const MARKUP = /[_*[\]()~`>#+\-=|{}.!]/g;

for (const kind of kindsOf("email")) {
  Deno.test(`an e-mail of ${kind} has a subject, and hostile values make no markup`, () => {
    const { subject, body } = readTemplates()("email", { eventUuid, userUuid, kind, facts }, recipient);
    assert.match(subject, /^[\x20-\x7e]{5,80}$/);
    assert.ok(body.includes("&lt;b&gt;&quot;&amp;&#39;"));
    assert.ok(!body.includes("<b>"));
    assert.ok(body.includes("{{login}}"), "a value is not a template");
  });
}

for (const kind of kindsOf("telegram")) {
  Deno.test(`a Telegram message of ${kind} has no markup of hostile values`, () => {
    const compose = readTemplates();
    const markup = (facts: Message["facts"]) => {
      const { body } = compose("telegram", { eventUuid, userUuid, kind, facts }, recipient);
      return body.replaceAll(/\\[\s\S]/g, "").match(MARKUP);
    };
    assert.deepEqual(markup(facts), markup(Object.fromEntries(NAMES.map((name) => [name, "x"]))));
  });
}

Deno.test("what is not known of a login is left out", () => {
  const compose = readTemplates();
  for (const channel of CHANNELS) {
    const message: Message = {
      eventUuid,
      userUuid,
      kind: "password_changed",
      facts: { at: "today", address: "" },
    };
    assert.doesNotMatch(compose(channel, message, recipient).body, /from/);
  }
});
