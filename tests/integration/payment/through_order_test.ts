import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { assertConsistent, readState } from "../../support/consistency.ts";
import { httpStatus, placeOrder, postPayment, readOrder } from "../../support/order_client.ts";
import { plentifulParts } from "../../support/parts.ts";
import { registerAndLogIn } from "../../support/person.ts";
import { startSystem } from "../../support/system.ts";

/** The possible answers to the first payment; `die` has two, because the answer and the exit race. */
const FAULTS = [
  ["slow", [504]],
  ["fail", [503]],
  ["die", [200, 503]],
] as const;

Deno.test("with every fault of payment, an order ends up paid once", async (t) => {
  await using system = await startSystem({ env: { ORDER_RECOVERY_AFTER: "1h" } });
  await system.seedParts();
  const { sessionUuid, userUuid } = await registerAndLogIn(system);
  const [part] = await plentifulParts(system, sessionUuid);
  assert.ok(part);
  const { stock: before } = await readState(system);

  for (const [fault, allowed] of FAULTS) {
    await t.step(
      `${fault}: ${allowed.join(" or ")}, and once payment works again, the order is paid`,
      async () => {
        if (system.process("payment").isRunning) await system.stop("payment");
        await system.start("payment", { PAYMENT_FAULT: fault });
        const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
        // The order service may still be connecting to the payment service that has just started.
        const first = await eventually(async () => {
          const status = await httpStatus(postPayment(system, sessionUuid, order_uuid));
          assert.ok(allowed.some((expected) => expected === status), `${status}`);
          return status;
        });
        if (first !== 200) {
          assert.equal((await readOrder(system, sessionUuid, order_uuid)).status, "PENDING_PAYMENT");
        }

        if (fault === "die") await system.process("payment").waitForExit();
        else await system.stop("payment");
        await system.start("payment");
        await eventually(async () => {
          // 409 if it has already been paid.
          assert.ok([200, 409].includes(await httpStatus(postPayment(system, sessionUuid, order_uuid))));
          assert.equal((await readOrder(system, sessionUuid, order_uuid)).status, "PAID");
        });
      },
    );
  }

  await t.step("no piece is lost, created or sold twice", async () => {
    const state = await readState(system);
    // Payment was restarted and its log is new: the steps above cover earlier charges.
    const charges = state.orders.map(({ order_uuid, transaction_uuid }) => ({
      orderUuid: order_uuid,
      transactionUuid: transaction_uuid ?? "",
      method: "CARD",
      userUuid,
    }));
    assertConsistent({ ...state, charges }, before);
  });
});
