import assert from "node:assert/strict";
import { findChromium, recordPage, startBrowser } from "../../support/browser.ts";
import { readOrder } from "../../support/order_client.ts";
import { plentifulParts } from "../../support/parts.ts";
import { join } from "../../support/person.ts";
import { startSystem } from "../../support/system.ts";

const CLAIM = "a person tries each call at /docs";

const chromium = await findChromium();
const isSkipped = chromium === undefined && Deno.env.get("CI") !== "true";

Deno.test({
  name: isSkipped ? `${CLAIM} (skipped: no Chromium here; Debian's package is chromium)` : CLAIM,
  ignore: isSkipped,
  async fn(t) {
    assert.ok(chromium, "there is no Chromium; in CI there has to be one");
    await using system = await startSystem();
    await system.seedParts();
    const { sessionUuid, userUuid } = await join(system);
    const [part] = await plentifulParts(system, sessionUuid);
    assert.ok(part);
    await using browser = await startBrowser(chromium);
    const page = await browser.newPage();
    const record = recordPage(page);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const answer = page.locator(".live-responses-table");
    let orderUuid = "";

    await t.step("the page shows every operation", async () => {
      await page.goto(`${system.orderUrl}/docs`);
      await button("POST /api/v1/orders Place an order").waitFor();
      await button("GET /api/v1/orders List orders").waitFor();
      await button("GET /api/v1/orders/{order_uuid} Read an order").waitFor();
      await button("POST /api/v1/orders/{order_uuid}/pay Pay an order").waitFor();
      await button("POST /api/v1/orders/{order_uuid}/cancel Cancel an order").waitFor();
    });

    await t.step("a session is pasted once", async () => {
      await button("Authorize").click();
      await page.getByLabel("Value:").fill(sessionUuid);
      await button("Apply credentials").click();
      await button("Close").click();
    });

    await t.step("an order that is placed there is placed", async () => {
      await button("POST /api/v1/orders Place an order").click();
      await page.locator(".body-param textarea").fill(JSON.stringify({ part_uuids: [part.uuid] }));
      await button("Execute").click();
      const row = answer.getByRole("row", { name: "201" });
      await row.waitFor();
      const [, found] = /"order_uuid": "([0-9a-f-]{36})"/.exec(await row.innerText()) ?? [];
      assert.ok(found, await row.innerText());
      orderUuid = found;
      assert.equal((await readOrder(system, sessionUuid, orderUuid)).user_uuid, userUuid);
      await button("POST /api/v1/orders Place an order").click();
    });

    await t.step("and it is read there", async () => {
      await button("GET /api/v1/orders/{order_uuid} Read an order").click();
      await page.getByPlaceholder("order_uuid").fill(orderUuid);
      await button("Execute").click();
      const row = answer.getByRole("row", { name: "200" });
      await row.waitFor();
      assert.match(await row.innerText(), /"status": "PENDING_PAYMENT"/);
    });

    await t.step("the page asked nobody but this service, and nothing went wrong in it", () => {
      assert.deepEqual(record.requested.filter((url) => !url.startsWith(`${system.orderUrl}/`)), []);
      assert.deepEqual(record.requested.map((url) => new URL(url).pathname.replace(/\d+\.\d+\.\d+/, "*")), [
        "/docs",
        "/docs/*/swagger-ui.css",
        "/docs/*/swagger-ui-bundle.js",
        "/openapi.json",
        "/api/v1/orders",
        `/api/v1/orders/${orderUuid}`,
      ]);
      assert.deepEqual(record.errors, []);
    });
  },
});
