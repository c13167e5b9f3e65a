import { createClient } from "@rocket/platform/grpc";
import { PaymentService } from "@rocket/proto/payment";
import { DeadlineExceeded } from "@rocket/platform/core";
import { readErrorDetails } from "@rocket/platform/grpc";
import { Metadata } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { readCharges } from "../../support/charges.ts";
import { anOrder, type PaymentAlone, startPaymentAlone } from "./payment_alone.ts";

Deno.test("payment that fails on purpose", async (t) => {
  await using payment = await startPaymentAlone();
  const { system, own, service } = payment;

  await t.step('with "slow", it charges and answers after its caller\'s deadline', async () => {
    await restartWith(payment, "slow");
    const order = anOrder(own.userUuid);
    await using client = createClient(PaymentService, "payment", system.variable("PAYMENT_GRPC_TARGET"));
    const metadata = new Metadata();
    metadata.set("service-token", service["service-token"] ?? "");
    await assert.rejects(client.payOrder(order, metadata), new DeadlineExceeded("payment"));
    assert.equal((await payment.chargesOf(order.orderUuid)).length, 1);
    const startedAt = performance.now();
    const transactionUuid = await payment.pay(order);
    assert.ok(performance.now() - startedAt > 2_000);
    assert.equal((await payment.chargesOf(order.orderUuid))[0]?.transactionUuid, transactionUuid);
  });

  await t.step('with "fail", it is UNAVAILABLE, may be retried and charges nothing', async () => {
    await restartWith(payment, "fail");
    const order = anOrder(own.userUuid);
    const error = await errorOf(payment.pay(order));
    assert.match(error.message, /UNAVAILABLE: payment provider is unavailable/);
    assert.equal(readErrorDetails(error.metadata).retryAfterSeconds, 1);
    assert.deepEqual(await payment.chargesOf(order.orderUuid), []);
    assert.equal(await statusOf(payment.pay({ orderUuid: "x" })), "INVALID_ARGUMENT");
  });

  await t.step(
    'with "die", it survives refused calls, and exits after answering a charge',
    async () => {
      await restartWith(payment, "die");
      const order = anOrder(own.userUuid);
      assert.equal(await statusOf(payment.pay({ orderUuid: "x" })), "INVALID_ARGUMENT");
      assert.equal(await statusOf(payment.pay(order, {})), "UNAUTHENTICATED");
      const transactionUuid = await payment.pay(order);
      assert.equal((await system.process("payment").waitForExit()).code, 1);
      assert.equal((await payment.chargesOf(order.orderUuid))[0]?.transactionUuid, transactionUuid);

      await system.start("payment");
      assert.equal(await eventually(() => payment.pay(order)), transactionUuid);
    },
  );

  await t.step(
    'with "die" and many concurrent calls, it answers every call that it has charged',
    async () => {
      await restartWith(payment, "die");
      const orders = Array.from({ length: 16 }, () => anOrder(own.userUuid));
      const answers = await Promise.all(orders.map((order) => statusOf(payment.pay(order))));
      assert.equal((await system.process("payment").waitForExit()).code, 1);
      const charges = await readCharges(system);
      assert.ok(charges.length >= 1);
      assert.equal(new Set(charges.map(({ orderUuid }) => orderUuid)).size, charges.length);
      assert.equal(answers.filter((status) => status === "OK").length, charges.length);
    },
  );

  await t.step("an unknown fault is reported at the start", () => {
    assert.throws(
      () => system.launch("payment", { PAYMENT_FAULT: "late" }),
      /PAYMENT_FAULT is "late": must be one of none, slow, fail, die/,
    );
  });
});

/** Restarts payment with a fault, and waits until clients can reach it. */
async function restartWith({ system, pay }: PaymentAlone, fault: string): Promise<void> {
  if (system.process("payment").isRunning) await system.stop("payment");
  await system.start("payment", { PAYMENT_FAULT: fault });
  const warning = `"fault":"${fault}","msg":"payments fail on purpose, as PAYMENT_FAULT requests"`;
  await system.process("payment").linesUntil(new RegExp(warning));
  await eventually(async () => assert.equal(await statusOf(pay({}, {})), "UNAUTHENTICATED"));
}
