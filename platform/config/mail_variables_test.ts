import assert from "node:assert/strict";
import { sender, smtpUrl } from "./mail_variables.ts";
import { secretWord } from "./variable.ts";

const mail = smtpUrl("SMTP_URL");
const noOther = () => undefined;

Deno.test("a mail server is dialled at its port, or at that of its scheme", () => {
  for (
    const [url, address] of [
      ["smtp://127.0.0.1", "127.0.0.1:587"],
      ["smtps://user:word@127.0.0.1", "127.0.0.1:465"],
      ["smtp://127.0.0.1:2525", "127.0.0.1:2525"],
    ] as const
  ) {
    assert.equal(mail.parse(url), url);
    assert.deepEqual(mail.net?.(url, noOther), [address]);
  }
  for (const text of ["", "mail.example.com", "http://mail.example.com"]) {
    assert.equal(mail.parse(text), undefined);
  }
});

Deno.test("a secret word has neither spaces nor other characters than ASCII", () => {
  const { parse } = secretWord("WORD");
  assert.equal(
    parse("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"),
    "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
  );
  for (const text of ["", "a b", "ä", "x".repeat(513)]) assert.equal(parse(text), undefined);
});

Deno.test("mails are from one address, perhaps with a name", () => {
  const { parse } = sender("MAIL_FROM", "a@b");
  for (const text of ["orders@example.com", "Rocket Factory <orders@example.com>"]) {
    assert.equal(parse(text), text);
  }
  for (const text of ["", "Rocket Factory", "a@b, c@d", "Rocket\r\nBcc: x <a@b>", "x <a@b> <c@d>"]) {
    assert.equal(parse(text), undefined);
  }
});
