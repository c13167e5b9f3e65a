import { SERVICE_NAMES } from "@rocket/dev";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf, statusOf } from "@rocket/platform/testing/raw-client";
import { startFakeMailServer } from "../support/fake_mail_server.ts";
import { BOT_TOKEN, startFakeTelegram } from "../support/fake_telegram.ts";
import { followOrder } from "../support/followed_order.ts";
import { httpStatus, placeOrder, postPayment } from "../support/order_client.ts";
import { plentifulParts } from "../support/parts.ts";
import { logIn, registerAndLogIn } from "../support/person.ts";
import { startSystem, type System } from "../support/system.ts";

const QUICK = { ASSEMBLY_TIME_MIN: "50ms", ASSEMBLY_TIME_MAX: "200ms" };

Deno.test("a paid order goes on", async (t) => {
  await using telegram = startFakeTelegram();
  await using mail = await startFakeMailServer();
  const env = {
    ...QUICK,
    TELEGRAM_API_URL: telegram.apiUrl,
    TELEGRAM_BOT_TOKEN: BOT_TOKEN,
    SMTP_URL: mail.url,
  };
  await using system = await startSystem({ services: SERVICE_NAMES, env });
  await system.seedParts();
  const ripley = await registerAndLogIn(system, {
    notificationMethods: [
      { providerName: "telegram", target: "42" },
      { providerName: "email", target: "ship@example.com" },
    ],
  });
  const { sessionUuid } = ripley;

  await t.step(
    "its owner sees it assembled, and gets a message of each kind on each channel, once",
    async () => {
      const orderUuid = await placeAndPay(system, sessionUuid);
      await using followed = await followOrder(system, { sessionUuid, orderUuid, after: "PAID" });
      assert.equal((await followed.next())?.id, "ASSEMBLED");
      await eventually(() => {
        assert.equal(telegram.taken.filter(({ text }) => text.includes(orderUuid)).length, 2);
        assert.equal(mail.mails.filter(({ text }) => text.includes(orderUuid)).length, 2);
      }, 30_000);
      assert.deepEqual(new Set(telegram.taken.map(({ chat }) => chat)), new Set(["42"]));
      assert.deepEqual(new Set(mail.mails.flatMap(({ to }) => to)), new Set(["ship@example.com"]));
    },
  );

  await t.step("a person who blocks the bot keeps no other person from their messages", async () => {
    telegram.refuse("42", { error_code: 403, description: "Forbidden: bot was blocked by the user" });
    const other = await registerAndLogIn(system, {
      notificationMethods: [{ providerName: "telegram", target: "43" }],
    });
    const [blocked, orderUuid] = [
      await placeAndPay(system, sessionUuid),
      await placeAndPay(system, other.sessionUuid),
    ];
    await eventually(() => {
      assert.equal(telegram.taken.filter(({ text }) => text.includes(orderUuid)).length, 2);
      assert.equal(mail.mails.filter(({ text }) => text.includes(blocked)).length, 2);
    }, 30_000);
    assert.equal(telegram.taken.filter(({ text }) => text.includes(blocked)).length, 0);
  });

  await t.step("6.3.7: a changed password is reported to the account's own address", async () => {
    const { password, email } = ripley;
    const change = { oldPassword: password, newPassword: `new ${password}` };
    await answerOf(system.user.changePassword(change, { "session-uuid": sessionUuid }));
    await eventually(() => {
      assert.ok(
        mail.mails.some(({ to, text }) => to.includes(email) && text.includes("password was changed")),
      );
    }, 30_000);
    await logIn(system, ripley.login, `new ${password}`);
  });

  await t.step("6.4.3: who has forgotten the password gets a code that makes another, once", async () => {
    const { login, email } = ripley;
    await answerOf(system.user.requestPasswordReset({ email }));
    const token = await eventually(() => {
      const text = mail.mails.findLast(({ to, text }) => to.includes(email) && text.includes("<code>"))?.text;
      // The mail is quoted-printable (RFC 2045, 6.7), which breaks lines.
      return /<code>([\w-]{43})<\/code>/.exec(text?.replaceAll(/=\r?\n/g, "") ?? "")?.[1] ??
        assert.fail(text);
    });
    const reset = { token, newPassword: "five moons in a circle" };
    await answerOf(system.user.resetPassword(reset));
    await logIn(system, login, reset.newPassword);
    assert.notEqual(await statusOf(system.user.resetPassword(reset)), "OK");
  });
});

/** Places an order of one piece and pays for it. @returns Its UUID. */
async function placeAndPay(system: System, sessionUuid: string): Promise<string> {
  const [part] = await plentifulParts(system, sessionUuid);
  const { order_uuid } = await placeOrder(system, sessionUuid, [part?.uuid ?? assert.fail()]);
  assert.equal(await httpStatus(postPayment(system, sessionUuid, order_uuid)), 200);
  return order_uuid;
}
