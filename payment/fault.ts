import { HOP_LIMIT_MS, Unavailable } from "@rocket/platform/core";
import { type GrpcServer, shutDownGrpc } from "@rocket/platform/grpc";
import { flushLogs, type Logger } from "@rocket/platform/log";
import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "./config.ts";
import type { PayOrder } from "./service/pay_order.ts";

/** How late a slow answer is, in milliseconds: later than the deadline of any call between services. */
const SLOW_MS = HOP_LIMIT_MS + 1_000;

/** How long other calls in progress may delay the end of the process, in milliseconds. */
const LAST_ANSWERS_MS = 1_000;

/** Warns if payment fails on purpose. */
export function warnOfFault(fault: Fault, log: Logger): void {
  if (fault !== "none") log.warn({ fault }, "payments fail on purpose, as PAYMENT_FAULT requests");
}

/**
 * Makes payments fail in the given way.
 *
 * @param die Ends the process after the answer; see `dieOnceAnswered`.
 */
export function withFault(fault: Fault, payOrder: PayOrder, die: () => void): PayOrder {
  switch (fault) {
    case "none":
      return payOrder;
    case "slow":
      return async (payment) => {
        const transactionUuid = await payOrder(payment);
        await pause(SLOW_MS);
        return transactionUuid;
      };
    case "fail":
      return () => Promise.reject(new Unavailable("payment provider"));
    case "die":
      return async (payment) => {
        const transactionUuid = await payOrder(payment);
        die();
        return transactionUuid;
      };
  }
}

/** Ends the process once the server has answered all calls in progress. */
export async function dieOnceAnswered(server: GrpcServer, log: Logger): Promise<never> {
  log.fatal("ending the process, as PAYMENT_FAULT requests");
  await shutDownGrpc(server, LAST_ANSWERS_MS);
  await flushLogs();
  Deno.exit(1);
}
