import assert from "node:assert/strict";
import { findChromium, recordPage, startBrowser } from "../../support/browser.ts";
import { readOrder } from "../../support/order_client.ts";
import { plentifulParts } from "../../support/parts.ts";
import { registerAndLogIn } from "../../support/person.ts";
import { startSystem } from "../../support/system.ts";

/** The names of the operations on the page. */
const OPERATIONS = {
  place: "POST /api/v1/orders Place an order",
  list: "GET /api/v1/orders List orders",
  read: "GET /api/v1/orders/{order_uuid} Read an order",
  follow: "GET /api/v1/orders/{order_uuid}/events Follow an order",
  pay: "POST /api/v1/orders/{order_uuid}/pay Pay an order",
  cancel: "POST /api/v1/orders/{order_uuid}/cancel Cancel an order",
};

const NAME = "every operation can be tried at /docs";

const chromium = await findChromium();
const isSkipped = chromium === undefined && Deno.env.get("CI") !== "true";

Deno.test({
  name: isSkipped ? `${NAME} (skipped: Chromium is not installed; Debian's package is chromium)` : NAME,
  ignore: isSkipped,
  async fn(t) {
    assert.ok(chromium, "Chromium is not installed, and CI requires it");
    await using system = await startSystem();
    await system.seedParts();
    const { sessionUuid, userUuid } = await registerAndLogIn(system);
    const [part] = await plentifulParts(system, sessionUuid);
    assert.ok(part);
    await using browser = await startBrowser(chromium);
    const page = await browser.newPage();
    const record = recordPage(page);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const call = page.locator(".opblock.is-open");
    const orderField = page.getByPlaceholder("order_uuid");
    const bodyField = page.locator(".body-param textarea");
    /** Opens an operation, fills it in, and executes it. @returns The text shown for the answer with this status. */
    const tryCall = async (name: string, status: number, fillIn?: () => Promise<void>) => {
      await button(name).click();
      // Every operation has it; until it appears, the page is still loading the operation.
      await call.getByPlaceholder("X-Request-Id").waitFor();
      await fillIn?.();
      await call.getByRole("button", { name: "Execute" }).click();
      const answer = call.locator(".live-responses-table").getByRole("row", { name: String(status) });
      await answer.waitFor();
      const shown = await answer.innerText();
      // So that a later answer is not mistaken for this one.
      await call.getByRole("button", { name: "Clear" }).click();
      await button(name).click();
      await call.waitFor({ state: "detached" });
      return shown;
    };
    const place = async () => {
      const body = JSON.stringify({ part_uuids: [part.uuid] });
      const shown = await tryCall(OPERATIONS.place, 201, () => bodyField.fill(body));
      const [, orderUuid] = /"order_uuid": "([0-9a-f-]{36})"/.exec(shown) ?? [];
      assert.ok(orderUuid, shown);
      return orderUuid;
    };
    let [first, second] = ["", ""];

    await t.step("the page shows every operation", async () => {
      await page.goto(`${system.orderUrl}/docs`);
      for (const name of Object.values(OPERATIONS)) await button(name).waitFor();
      assert.equal(await page.locator(".opblock").count(), Object.keys(OPERATIONS).length);
    });

    await t.step("a session is entered once", async () => {
      await button("Authorize").click();
      await page.getByLabel("Value:").fill(sessionUuid);
      await button("Apply credentials").click();
      await button("Close").click();
    });

    await t.step("each order placed there is a separate order", async () => {
      first = await place();
      second = await place();
      assert.notEqual(first, second);
      assert.equal((await readOrder(system, sessionUuid, first)).user_uuid, userUuid);
    });

    await t.step("one of them can be read", async () => {
      const shown = await tryCall(OPERATIONS.read, 200, () => orderField.fill(first));
      assert.match(shown, /"status": "PENDING_PAYMENT"/);
    });

    await t.step("one of them can be paid", async () => {
      const shown = await tryCall(OPERATIONS.pay, 200, () => orderField.fill(first));
      assert.match(shown, /"transaction_uuid": "[0-9a-f-]{36}"/);
      assert.equal((await readOrder(system, sessionUuid, first)).status, "PAID");
    });

    await t.step("the other can be cancelled", async () => {
      await tryCall(OPERATIONS.cancel, 204, () => orderField.fill(second));
      assert.equal((await readOrder(system, sessionUuid, second)).status, "CANCELLED");
    });

    await t.step("and it can be followed to its end", async () => {
      const shown = await tryCall(OPERATIONS.follow, 200, () => orderField.fill(second));
      assert.match(shown, /id: CANCELLED/);
    });

    await t.step("both are listed, newest first", async () => {
      const shown = await tryCall(OPERATIONS.list, 200);
      const listed = [...shown.matchAll(/"order_uuid": "([0-9a-f-]{36})"/g)].map(([, uuid]) => uuid);
      assert.deepEqual(listed, [second, first]);
    });

    await t.step("the page sends requests to this service only, and reports no error", () => {
      const { orderUrl } = system;
      assert.deepEqual(record.requested.filter((url) => !url.startsWith(`${orderUrl}/`)), []);
      const asked = record.requested.map((url) => url.slice(orderUrl.length).replace(/\d+\.\d+\.\d+/, "*"));
      assert.deepEqual(asked, [
        "/docs",
        "/docs/*/swagger-ui.css",
        "/docs/*/swagger-ui-bundle.js",
        "/openapi.json",
        "/api/v1/orders",
        "/api/v1/orders",
        `/api/v1/orders/${first}`,
        `/api/v1/orders/${first}/pay`,
        `/api/v1/orders/${second}/cancel`,
        `/api/v1/orders/${second}/events`,
        "/api/v1/orders?limit=20",
      ]);
      assert.deepEqual(record.errors, []);
    });
  },
});
