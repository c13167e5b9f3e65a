import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { startPaymentAlone } from "./payment_alone.ts";

Deno.test("an order has one transaction", async (t) => {
  await using payment = await startPaymentAlone();
  const { system } = payment;
  const orderUuid = crypto.randomUUID();
  const transactionUuid = await payment.pay({ orderUuid });

  await t.step("even if it is paid again, by any user and any method", async () => {
    const again = await Promise.all([
      payment.pay({ orderUuid }),
      payment.pay({ orderUuid, paymentMethod: 3 }),
      payment.pay({ orderUuid: orderUuid.toUpperCase() }),
      payment.pay({ orderUuid, userUuid: crypto.randomUUID() }),
    ]);
    assert.deepEqual(again, Array(4).fill(transactionUuid));
  });

  await t.step("every repeat is logged with that transaction", async () => {
    const transactions = (await payment.chargesOf(orderUuid)).map((charge) => charge.transactionUuid);
    assert.deepEqual(transactions, Array(5).fill(transactionUuid));
  });

  await t.step("another order has another transaction", async () => {
    assert.notEqual(await payment.pay(), transactionUuid);
  });

  await t.step("also after payment is stopped and started again", async () => {
    assert.equal((await system.stop("payment")).code, 0);
    await system.start("payment");
    assert.equal(await eventually(() => payment.pay({ orderUuid })), transactionUuid);
  });

  await t.step("also after it is killed", async () => {
    system.process("payment").kill("SIGKILL");
    await system.process("payment").waitForExit();
    await system.start("payment");
    assert.equal(await eventually(() => payment.pay({ orderUuid })), transactionUuid);
  });
});
