import assert from "node:assert/strict";
import { AddressRefused, ChannelBusy } from "@rocket/notification/failures";
import { createMail } from "@rocket/notification/mail";
import { createOutboxFolder } from "@rocket/notification/outbox-folder";
import { createTelegram } from "@rocket/notification/telegram";
import { Secret } from "@rocket/platform/config";
import { createLogger } from "@rocket/platform/log";
import { startFakeMailServer } from "../../support/fake_mail_server.ts";
import { BOT_TOKEN, startFakeTelegram } from "../../support/fake_telegram.ts";

const message = { subject: "Your ship is assembled", body: "<p>Grüße, *Ripley*</p>" };
const eventUuid = "0d7f8a52-3f6e-4a0c-8f0e-5b8d1f3f6a10";

const SILENT = createLogger({ service: "notification", level: "silent", format: "json" });

function secret(text: string) {
  return new Secret("SECRET", { text, value: text });
}

Deno.test("Telegram takes a message, and each kind of refusal is recognised", async (t) => {
  await using api = startFakeTelegram();
  const telegram = createTelegram({ apiUrl: api.apiUrl, botToken: secret(BOT_TOKEN) });
  const send = (chat: string) => telegram.send(chat, message, eventUuid);

  await t.step("taken", async () => {
    await send("42");
    assert.deepEqual(api.taken, [{ chat: "42", text: message.body }]);
  });
  await t.step("blocked, or no such chat: never again", async () => {
    api.refuse("1", { error_code: 403, description: "Forbidden: bot was blocked by the user" });
    api.refuse("2", { error_code: 400, description: "Bad Request: chat not found" });
    for (const chat of ["1", "2"]) await assert.rejects(send(chat), AddressRefused);
  });
  await t.step("too many: after the time it says", async () => {
    api.refuse("3", { error_code: 429, description: "Too Many Requests", parameters: { retry_after: 7 } });
    await assert.rejects(send("3"), (error) => error instanceof ChannelBusy && error.retryAfterMs === 7_000);
  });
  await t.step("a fault of ours or of Telegram's: later, and without the token in the error", async () => {
    api.refuse("4", { error_code: 500, description: "Internal Server Error" });
    await assert.rejects(send("4"), /500/);
    const nowhere = createTelegram({ apiUrl: "http://127.0.0.1:1", botToken: secret(BOT_TOKEN) });
    const stranger = createTelegram({ apiUrl: api.apiUrl, botToken: secret("wrong") });
    for (const one of [nowhere, stranger]) {
      await assert.rejects(one.send("42", message, eventUuid), (error) => {
        assert.ok(error instanceof Error && !(error instanceof AddressRefused));
        assert.ok(!Deno.inspect(error).includes(BOT_TOKEN));
        return true;
      });
    }
  });
});

Deno.test("a mail server takes a mail, and each kind of refusal is recognised", async (t) => {
  await using server = await startFakeMailServer();
  using mail = createMail({ smtpUrl: secret(server.url), from: "Rocket Factory <orders@example.com>" });
  const send = (address: string) => mail.send(address, message, eventUuid);

  await t.step("taken, with the event in its Message-ID", async () => {
    await send("ripley@example.com");
    const [{ to, text } = assert.fail()] = server.mails;
    assert.deepEqual(to, ["ripley@example.com"]);
    for (const line of ["Subject: Your ship is assembled", `Message-ID: <${eventUuid}@rocket-factory>`]) {
      assert.ok(text.includes(line), text);
    }
    assert.match(text, /Content-Type: text\/html; charset=utf-8/);
  });
  await t.step("no such mailbox: never again", async () => {
    server.refuse("nobody@example.com", { responseCode: 550, message: "5.1.1 no such user" });
    server.refuse("moved@example.com", { responseCode: 553, message: "5.1.6 moved" });
    for (const address of ["nobody@example.com", "moved@example.com"]) {
      await assert.rejects(send(address), AddressRefused);
    }
  });
  await t.step("busy: later", async () => {
    server.refuse("busy@example.com", { responseCode: 451, message: "4.7.1 greylisted" });
    await assert.rejects(send("busy@example.com"), ChannelBusy);
  });
  await t.step(
    "refused for another reason, or not reached: later, and without the address in the error",
    async () => {
      server.refuse("spam@example.com", { responseCode: 554, message: "5.7.1 looks like spam" });
      using nowhere = createMail({ smtpUrl: secret("smtp://127.0.0.1:1"), from: "orders@example.com" });
      const sendNowhere = () => nowhere.send("spam@example.com", message, eventUuid);
      for (const sendSpam of [() => send("spam@example.com"), sendNowhere]) {
        await assert.rejects(sendSpam, (error) => {
          assert.ok(
            error instanceof Error && !(error instanceof AddressRefused) && !(error instanceof ChannelBusy),
          );
          assert.ok(!Deno.inspect(error).includes("spam@"));
          return true;
        });
      }
    },
  );
});

Deno.test("a mail is sent by the URL that the secret holds at that time", async () => {
  await using before = await startFakeMailServer();
  await using after = await startFakeMailServer();
  const reading = (url: string) => ({ text: url, value: url });
  const smtpUrl = new Secret("SMTP_URL", reading(before.url), () => Promise.resolve(reading(after.url)));
  using mail = createMail({ smtpUrl, from: "orders@example.com" });
  await mail.send("ripley@example.com", message, eventUuid);
  await smtpUrl.refresh();
  await mail.send("ripley@example.com", message, eventUuid);
  assert.deepEqual([before.mails.length, after.mails.length], [1, 1]);
});

Deno.test("without a channel each address gets a file of its own, for its owner's eyes only", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const outbox = createOutboxFolder(`${folder}/outbox`, "email", SILENT);
    for (const address of ["ripley@example.com", "ship@example.com"]) {
      await outbox.send(address, message, eventUuid);
      await outbox.send(address, message, eventUuid);
    }
    const files = await Array.fromAsync(
      Deno.readDir(`${folder}/outbox`),
      ({ name }) => `${folder}/outbox/${name}`,
    );
    const texts = await Promise.all(files.map((file) => Deno.readTextFile(file)));
    assert.deepEqual(texts.map((text) => text.split("\n")[0]).toSorted(), [
      "To: ripley@example.com",
      "To: ship@example.com",
    ]);
    const modes = await Promise.all(files.map(async (file) => ((await Deno.stat(file)).mode ?? 0) & 0o777));
    assert.deepEqual(new Set(modes), new Set([0o600]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
