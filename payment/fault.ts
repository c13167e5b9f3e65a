import type { Server } from "@grpc/grpc-js";
import { HOP_LIMIT_MS, Unavailable } from "@rocket/platform/core";
import { shutDownGrpc } from "@rocket/platform/grpc";
import type { Logger } from "@rocket/platform/log";
import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "./config.ts";
import type { PayOrder } from "./service/pay_order.ts";

/** How long a slow answer keeps its caller waiting: longer than a hop may take, in milliseconds. */
const SLOW_MS = HOP_LIMIT_MS + 1_000;

/** How long others' calls under way may hold up a death, in milliseconds. */
const LAST_ANSWERS_MS = 1_000;

/** Warns where payment goes wrong on purpose. */
export function warnOfFault(fault: Fault, log: Logger): void {
  if (fault !== "none") log.warn({ fault }, "payments go wrong on purpose, as PAYMENT_FAULT asks");
}

/**
 * Makes paying go wrong as asked.
 *
 * @param die Ends the process once it has answered; see `dieOnceAnswered`.
 */
export function withFault(fault: Fault, payOrder: PayOrder, die: () => void): PayOrder {
  switch (fault) {
    case "none":
      return payOrder;
    case "slow":
      return async (...call) => {
        const transactionUuid = await payOrder(...call);
        await pause(SLOW_MS);
        return transactionUuid;
      };
    case "fail":
      return () => Promise.reject(new Unavailable("payment provider"));
    case "die":
      return async (...call) => {
        const transactionUuid = await payOrder(...call);
        die();
        return transactionUuid;
      };
  }
}

/** Ends the process as soon as the server has no call under way any more: none is answered after it. */
export async function dieOnceAnswered(server: Server, log: Logger): Promise<never> {
  log.fatal("dying, as PAYMENT_FAULT asks");
  await shutDownGrpc(server, LAST_ANSWERS_MS);
  Deno.exit(1);
}
