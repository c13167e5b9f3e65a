import { eventually } from "@rocket/platform/testing/eventually";
import { statusOf } from "@rocket/platform/testing/raw-client";
import { PayOrderRequest } from "@rocket/proto/payment";
import assert from "node:assert/strict";
import type { System } from "./system.ts";

/** One charge, as payment logged it. */
export interface Charge {
  readonly orderUuid: string;
  readonly transactionUuid: string;
  /** Without its prefix, e.g. `CARD`. */
  readonly method: string;
  readonly userUuid: string;
}

/** The charges that the latest payment process has logged, oldest first. */
export async function readCharges(system: System): Promise<readonly Charge[]> {
  const lines = await logOfPayment(system);
  return lines.filter((line) => line.includes('"msg":"order charged"')).map((line) => {
    const { order_uuid, transaction_uuid, payment_method, user_uuid } = JSON.parse(line);
    return {
      orderUuid: order_uuid,
      transactionUuid: transaction_uuid,
      method: payment_method,
      userUuid: user_uuid,
    };
  });
}

/** What payment has logged so far: everything up to the log line of a call made here to mark the end. */
async function logOfPayment(system: System): Promise<readonly string[]> {
  const process = system.process("payment");
  if (!process.isRunning) {
    await process.waitForExit();
    return process.output;
  }
  const requestId = crypto.randomUUID();
  const marker = () => system.payment.payOrder(PayOrderRequest.create(), { "x-request-id": requestId });
  // A client may need a moment to reconnect to a restarted process.
  await eventually(async () => assert.equal(await statusOf(marker()), "UNAUTHENTICATED"));
  return await process.linesUntil(new RegExp(`${requestId}.*"msg":"call answered"`));
}
